--[[
Takes the turn of one person at an account, or tells why it cannot be had. Atomic; the clock is the server's.

KEYS[1]  turn (string): "o<owner>" while somebody has it, then "e<when it ended, ms>" for as long as that is of use
KEYS[2]  alone (sorted set): the names of those whose turn somebody has; score: the end of the lease (ms)
KEYS[3]  groups (sorted set): 36 characters of owner, then the names of a group's people, 4 bytes each; score: as above
KEYS[4]  ended (sorted set): the same of groups that ended lately; score: when (ms)
         The names of a group are searched as one text: that a name is found across two others is as rare as that two
         people have one name, and does no more harm.

ARGV[1]  owner
ARGV[2]  name
ARGV[3]  lease (ms)
ARGV[4]  how long the end of a turn is of use (ms)

Returns  -2: another has it; -1: it was taken; else it was taken, so many ms after another one's turn ended
]]
local turn, alone, groups, ended = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local owner, name, lease, trace = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local first_name = 37

local now = now_ms()

redis.call('ZREMRANGEBYSCORE', groups, '-inf', now)
for _, group in ipairs(redis.call('ZRANGE', groups, 0, -1)) do
  if string.find(group, name, first_name, true) then
    return -2
  end
end
local before = redis.call('GET', turn)
if before and string.sub(before, 1, 1) == 'o' then
  return -2
end

local ended_at = before and tonumber(string.sub(before, 2)) or -1
redis.call('ZREMRANGEBYSCORE', ended, '-inf', now - trace)
local past = redis.call('ZRANGE', ended, 0, -1, 'WITHSCORES')
for at = 1, #past, 2 do
  if string.find(past[at], name, first_name, true) then
    ended_at = math.max(ended_at, tonumber(past[at + 1]))
  end
end

redis.call('SET', turn, 'o' .. owner, 'PX', lease)
redis.call('ZADD', alone, now + lease, name)
redis.call('PEXPIRE', alone, lease)
return ended_at < 0 and -1 or math.max(0, now - ended_at)
