--[[
Puts a seal in the place of another, or of none. Atomic.

KEYS[1]  seal (string), does not expire
ARGV[1]  the one that is to be replaced, or ""
ARGV[2]  the new one
Returns  1, or 0: there is another one than that, and nothing was changed
]]
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2])
return 1
