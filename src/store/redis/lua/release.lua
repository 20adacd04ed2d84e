--[[
Gives the key of an owner back. What was answered before, if anything, stands again: it lives under its own key.

KEYS[1]  run (hash, see claim.lua)
ARGV[1]  owner
Returns  1, or 0: the owner does not have the key (any more), and nothing was changed
]]
if redis.call('HGET', KEYS[1], 'o') ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[1])
return 1
