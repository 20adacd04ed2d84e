--[[
Makes a draft an import. Once more changes nothing.

KEYS     of the import, see import-append.lua
ARGV[1]  number of accounts
ARGV[2]  now, RFC 3339
ARGV[3]  how long an import is kept that does not change (ms)
ARGV[4]  how long one is kept that has ended (ms)
ARGV[5]  blocks that were added
ARGV[6]  their rows
Returns  1, or 0: there is no such draft (any more), or 2: it does not hold all that was added; nothing was changed
]]
local record = KEYS[1]
local found = redis.call('HMGET', record, 's', 'n', 'b')
if not found[1] or found[1] == 'removed' then
  return 0
end
if found[1] ~= 'draft' then
  return 1
end
local blocks = tonumber(ARGV[5])
if
  tonumber(found[3]) ~= blocks
  or redis.call('HLEN', KEYS[2]) ~= blocks
  or tonumber(found[2]) ~= tonumber(ARGV[6])
then
  return 2
end
local keep = ARGV[3]
redis.call('HSET', record, 'v', 1)
if tonumber(found[2]) > 0 then
  redis.call('HSET', record, 's', 'queued', 'j', tonumber(found[3]) * tonumber(ARGV[1]))
else
  redis.call('HSET', record, 's', 'completed', 't1', ARGV[2], 'e', 1)
  keep = (redis.call('HGET', record, 'k') or ARGV[4])
end
expire_keys(keep)
return 1
