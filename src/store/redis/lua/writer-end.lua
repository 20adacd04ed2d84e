--[[
Ends the turn of one person.

KEYS[1]  turn, KEYS[2] alone: see writer-take.lua
ARGV[1]  owner
ARGV[2]  name
ARGV[3]  how long its end is of use (ms)
Returns  1, or 0: the owner does not have it (any more), and nothing was changed
]]
if redis.call('GET', KEYS[1]) ~= 'o' .. ARGV[1] then
  return 0
end
local now = now_ms()
-- First what frees memory: after it a Redis that is full takes the rest of the script too.
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('SET', KEYS[1], string.format('e%.0f', now), 'PX', ARGV[3])
return 1
