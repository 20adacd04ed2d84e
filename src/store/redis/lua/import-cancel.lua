--[[
Cancels an import that has not ended. Its jobs see it when they begin and when they commit.

KEYS     of the import, see import-append.lua
ARGV[1]  now, RFC 3339
ARGV[2]  how long an import is kept that has ended (ms)
Returns  1, or 0: it had ended before, or there is none
]]
local status = redis.call('HGET', KEYS[1], 's')
if status ~= 'queued' and status ~= 'running' then
  return 0
end
redis.call('HSET', KEYS[1], 's', 'canceled', 't1', ARGV[1], 'e', 1)
redis.call('HINCRBY', KEYS[1], 'v', 1)
expire_keys((redis.call('HGET', KEYS[1], 'k') or ARGV[2]))
return 1
