--[[
Adds to a count that all replicas share. Its window begins with the first count and ends by itself. Atomic.

KEYS[1]  count (integer), expires at the end of its window

ARGV[1]  how many to add
ARGV[2]  how long a window that begins now lasts (ms)

Returns  {total, ms left of the window}
]]
local total = redis.call('INCRBY', KEYS[1], ARGV[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  left = tonumber(ARGV[2])
  redis.call('PEXPIRE', KEYS[1], left)
end
return { total, left }
