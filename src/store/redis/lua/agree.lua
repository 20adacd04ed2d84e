--[[
What all processes on the store agree on: the first offer stays for as long as it is asked for. Atomic.

KEYS[1]  what is agreed on (any bytes)

ARGV[1]  the offer
ARGV[2]  how long it is kept after this (ms)

Returns  what holds
]]
redis.call('SET', KEYS[1], ARGV[1], 'NX')
expire_keys(ARGV[2])
return redis.call('GET', KEYS[1])
