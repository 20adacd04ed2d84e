--[[
Ends runs of owners with answers, one or several at once. One that takes the place of an earlier answer goes when that
would have gone: who is told until when something is kept must not hear of a later time.

KEYS[1]  run (hash, see claim.lua)
KEYS[2]  answer (string, see claim.lua)
ARGV[1]  owner
ARGV[2]  encoded answer
ARGV[3]  how long it is kept (ms)
Keys and arguments of the next one follow after these in the same order.

Returns  for each one: 1, or 0: the owner does not have the key (any more), and nothing was changed
]]
local function complete(run, answer, owner, encoded, keep_ms)
  local found = redis.call('HMGET', run, 'o', 'f')
  if found[1] ~= owner then
    return 0
  end
  local keep = tonumber(keep_ms)
  local left = redis.call('PTTL', answer)
  if left > 0 and left < keep then
    keep = left
  end
  redis.call('SET', answer, found[2] .. encoded, 'PX', keep)
  redis.call('DEL', run)
  return 1
end

return for_each(2, 3, complete)
