--[[
Ends the run of an owner with an answer.

KEYS[1]  run (hash, see claim.lua)
KEYS[2]  answer (string, see claim.lua)
ARGV[1]  owner
ARGV[2]  encoded answer
ARGV[3]  how long it is kept (ms)
Returns  1, or 0: the owner does not have the key (any more), and nothing was changed
]]
local found = redis.call('HMGET', KEYS[1], 'o', 'f')
if found[1] ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[2], found[2] .. ARGV[2], 'PX', ARGV[3])
redis.call('DEL', KEYS[1])
return 1
