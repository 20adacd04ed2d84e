--[[
Ends the turn of many people.

KEYS[1]  groups, KEYS[2] ended: see writer-take.lua
ARGV[1]  owner and names
ARGV[2]  how long its end is of use (ms)
Returns  1
]]
local groups, ended, group, trace = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2])
local now = now_ms()
redis.call('ZREM', groups, group)
redis.call('ZREMRANGEBYSCORE', ended, '-inf', now - trace)
redis.call('ZADD', ended, now, group)
redis.call('PEXPIRE', ended, trace)
return 1
