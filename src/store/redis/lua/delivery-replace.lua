--[[
Puts another state of a delivery in the place of the one that was read.

KEYS     as in delivery-add.lua
ARGV[1]  id
ARGV[2]  version that was read
ARGV[3]  the delivery as JSON
ARGV[4]  when it is tried (ms), or -1: it has ended
ARGV[5]  until when it is kept (ms), or -1: it has not ended
ARGV[6]  the payload, or "" where it stays
Returns  1, or 0: it has been changed since, or is gone; nothing was changed
]]
local id = ARGV[1]
local held = redis.call('HGET', KEYS[1], id)
if not held or string.match(held, '^%d+') ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], id, string.format('%d ', ARGV[2] + 1) .. ARGV[3])
if tonumber(ARGV[4]) < 0 then
  redis.call('ZREM', KEYS[4], id)
  redis.call('ZADD', KEYS[5], ARGV[5], id)
else
  redis.call('ZREM', KEYS[5], id)
  redis.call('ZADD', KEYS[4], ARGV[4], id)
end
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[2], id, ARGV[6])
end
return 1
