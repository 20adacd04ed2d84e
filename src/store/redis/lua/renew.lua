--[[
Lets the lease of an owner end later. One that is over already may be renewed while nobody else has taken the key.

KEYS[1]  run (hash, see claim.lua)
ARGV[1]  owner
ARGV[2]  lease from now on (ms)
Returns  1, or 0: the owner does not have the key (any more), and nothing was changed
]]
local found = redis.call('HMGET', KEYS[1], 'o', 'k')
if found[1] ~= ARGV[1] then
  return 0
end
local now = now_ms()
redis.call('HSET', KEYS[1], 'l', now + tonumber(ARGV[2]))
redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[2]) + tonumber(found[2]))
return 1
