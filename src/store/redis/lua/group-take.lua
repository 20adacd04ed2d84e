--[[
Takes the turn of many people at an account, or renews it: who comes later waits. Atomic; the clock is the server's.

KEYS[1]  alone, KEYS[2] groups: see writer-take.lua
ARGV[1]  owner and names
ARGV[2]  lease (ms)
Returns  the names of those whose turn somebody has alone
]]
local alone, groups, group, lease = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2])
local first_name = 37

local now = now_ms()

redis.call('ZREMRANGEBYSCORE', groups, '-inf', now)
redis.call('ZADD', groups, now + lease, group)
redis.call('PEXPIRE', groups, lease)

redis.call('ZREMRANGEBYSCORE', alone, '-inf', now)
local taken = {}
for _, name in ipairs(redis.call('ZRANGE', alone, 0, -1)) do
  if string.find(group, name, first_name, true) then
    taken[#taken + 1] = name
  end
end
return taken
