--[[
Undoes a claim under which nothing was done. A run that was taken over from a dead owner goes back to what that one left,
with its marks and with its lease over; any other is as if it had never been.

KEYS[1]  run (hash, see claim.lua)
ARGV[1]  owner
Returns  1, or 0: the owner does not have the key (any more), and nothing was changed
]]
local found = redis.call('HMGET', KEYS[1], 'o', 'd', 'k')
if found[1] ~= ARGV[1] then
  return 0
end
if found[2] == '1' then
  redis.call('HSET', KEYS[1], 'o', '', 'l', 0)
  redis.call('PEXPIRE', KEYS[1], found[3])
else
  redis.call('DEL', KEYS[1])
end
return 1
