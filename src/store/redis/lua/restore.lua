--[[
Stores the answer of a key of which nothing is known (any more).

KEYS[1]  run (hash, see claim.lua)
KEYS[2]  answer (string, see claim.lua)
ARGV[1]  fingerprint, 32 bytes
ARGV[2]  encoded answer
ARGV[3]  how long it is kept (ms)
Returns  1, or 0: somebody has the key, or there is an answer, and nothing was changed
]]
if redis.call('EXISTS', KEYS[1]) == 1 or redis.call('EXISTS', KEYS[2]) == 1 then
  return 0
end
redis.call('SET', KEYS[2], ARGV[1] .. ARGV[2], 'PX', ARGV[3])
return 1
