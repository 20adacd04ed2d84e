--[[
Gives an erasure that has something to do to whoever asks, for some time; takes out what is kept no longer.

KEYS     as in erasure-begin.lua
ARGV[1]  now (ms)
ARGV[2]  for how long nobody else gets it (ms)
Returns  version, a space, the erasure as JSON; or nil: there is none
]]
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', now_ms(), 'LIMIT', 0, 100)) do
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
  redis.call('ZREM', KEYS[5], id)
end
local id = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', ARGV[1], 'LIMIT', 0, 1)[1]
if not id then
  return nil
end
local held = redis.call('HGET', KEYS[1], id)
if not held then
  redis.call('ZREM', KEYS[3], id)
  return nil
end
redis.call('ZADD', KEYS[3], ARGV[1] + ARGV[2], id)
return held
