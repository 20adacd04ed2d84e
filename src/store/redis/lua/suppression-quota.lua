--[[
Adds to a count, if it is not above a limit then. Atomic.

KEYS[1]  count (integer), expires

ARGV[1]  how many to add; a negative number always is
ARGV[2]  limit
ARGV[3]  how long the count is kept after this (ms)
Returns  1, or 0: it would be above, and nothing was added
]]
local total = tonumber(redis.call('GET', KEYS[1]) or '0') + tonumber(ARGV[1])
if tonumber(ARGV[1]) > 0 and total > tonumber(ARGV[2]) then
  return 0
end
redis.call('SET', KEYS[1], string.format('%.0f', math.max(0, total)), 'PX', ARGV[3])
return 1
