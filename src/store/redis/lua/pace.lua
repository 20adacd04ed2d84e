--[[
Books the next free moments for calls of an account, so that no period has more of them than it may. Atomic; the clock is
the server's. The loop ends after ARGV[3] rounds at most.

KEYS[1]  moments (list): of the last calls, oldest first, at most ARGV[1] of them, in microseconds; expires a period after
         the last of them

ARGV[1]  calls in a period
ARGV[2]  the period (microseconds)
ARGV[3]  how many calls want to go; at least the first is booked, and the others as far as they may go at the same moment

Returns  {how many were booked, microseconds until all of them may go}
]]
local moments = KEYS[1]
local calls, period, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

-- When the call after so many others may go.
local function free_at(length)
  if length < calls then
    return now
  end
  return math.max(now, tonumber(redis.call('LINDEX', moments, length - calls)) + period)
end

local length = redis.call('LLEN', moments)
local at = free_at(length)
local booked = 0
while booked < math.min(wanted, calls) and free_at(length) <= at do
  redis.call('RPUSH', moments, string.format('%.0f', at))
  length = length + 1
  booked = booked + 1
end
redis.call('LTRIM', moments, -calls, -1)
redis.call('PEXPIRE', moments, math.ceil((at - now + period) / 1000))
return { booked, at - now }
