--[[
Ends the run of an owner with an answer. One that takes the place of an earlier answer goes when that would have gone: who
is told until when something is kept must not hear of a later time.

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
local keep = tonumber(ARGV[3])
local left = redis.call('PTTL', KEYS[2])
if left > 0 and left < keep then
  keep = left
end
redis.call('SET', KEYS[2], found[2] .. ARGV[2], 'PX', keep)
redis.call('DEL', KEYS[1])
return 1
