--[[
Keeps a place for another while; one that has run out, or was given back, stays so.

KEYS[1]  places, see import-place.lua
ARGV[1]  id
ARGV[2]  how long it is kept (ms)
Returns  1
]]
redis.call('ZADD', KEYS[1], 'XX', now_ms() + ARGV[2], ARGV[1])
return 1
