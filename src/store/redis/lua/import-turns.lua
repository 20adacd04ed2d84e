--[[
Gives a client its next turns at an account. Turns are taken in ascending order, so clients alternate: each gets one
after its own last, and never one before what is being worked on, so none can overtake those who wait for ever.

KEYS[1]  turns (hash): <client> its last turn
ARGV[1]  client
ARGV[2]  how many
ARGV[3]  the turn of the job that is next in the queue; 0 when none waits
ARGV[4]  how long turns are remembered (ms)
ARGV[5]  the highest turn that there is
Returns  the first turn, at least 1; the others follow
]]
local client, count, next_turn, highest = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[5])
if next_turn == 0 then
  redis.call('DEL', KEYS[1])
end
local first = math.max(tonumber(redis.call('HGET', KEYS[1], client) or 0) + 1, next_turn)
redis.call('HSET', KEYS[1], client, math.min(first + count - 1, highest))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return first
