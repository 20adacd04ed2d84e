--[[
Puts another state of an erasure in the place of the one that was read.

KEYS     as in erasure-begin.lua, and
KEYS[6]  outbox (list): events that wait to be carried, as JSON
ARGV[1]  id
ARGV[2]  version that was read
ARGV[3]  when there is something to do (ms), or -1
ARGV[4]  the erasure as JSON
ARGV[5]  how long it is kept from now on (ms), or -1: it is not completed
ARGV[6]  the event that this is, or ""
Returns  1, or 0: it has been changed since, or is gone; nothing was changed
]]
local held = redis.call('HGET', KEYS[1], ARGV[1])
if not held or string.match(held, '^%d+') ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%d ', ARGV[2] + 1) .. ARGV[4])
if tonumber(ARGV[3]) < 0 then
  redis.call('ZREM', KEYS[3], ARGV[1])
else
  redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
end
if tonumber(ARGV[5]) >= 0 then
  local people = redis.call('HGET', KEYS[4], ARGV[1])
  redis.call('HDEL', KEYS[4], ARGV[1], people or ARGV[1])
  redis.call('ZADD', KEYS[5], now_ms() + ARGV[5], ARGV[1])
end
if ARGV[6] ~= '' then
  redis.call('RPUSH', KEYS[6], ARGV[6])
end
return 1
