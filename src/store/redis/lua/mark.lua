--[[
Adds a mark to the run of an owner.

KEYS[1]  run (hash, see claim.lua)
ARGV[1]  owner
ARGV[2]  mark
Returns  1, or 0: the owner does not have the key (any more), and nothing was changed
]]
if redis.call('HGET', KEYS[1], 'o') ~= ARGV[1] then
  return 0
end
local number = redis.call('HINCRBY', KEYS[1], 'n', 1)
redis.call('HSET', KEYS[1], 'm' .. number, ARGV[2])
return 1
