--[[
Takes a place for an import whose file comes in, if the client has one left.

KEYS[1]  places (sorted set): <id> until when (ms since 1970)
KEYS[2]  unfinished (set): ids of the client's imports that may not have ended
KEYS[3]  bytes (hash): <id> bytes, of places and of imports that are kept
ARGV[1]  id
ARGV[2]  how long the place is kept (ms)
ARGV[3]  how many imports may be unfinished or come in
ARGV[4]  bytes that come in
ARGV[5]  bytes that there may be in all
ARGV[6]  how long an import may be kept (ms)
Returns  0: it is taken · -1: too many imports · else how many bytes there are too many; nothing was changed then
]]
local now = now_ms()
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  redis.call('ZREM', KEYS[1], id)
  redis.call('HDEL', KEYS[3], id)
end
if redis.call('ZCARD', KEYS[1]) + redis.call('SCARD', KEYS[2]) >= tonumber(ARGV[3]) then
  return -1
end
local sum = tonumber(ARGV[4])
for _, bytes in ipairs(redis.call('HVALS', KEYS[3])) do
  sum = sum + tonumber(bytes)
end
if sum > tonumber(ARGV[5]) then
  return sum - tonumber(ARGV[5])
end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('HSET', KEYS[3], ARGV[1], ARGV[4])
for _, key in ipairs({ KEYS[1], KEYS[3] }) do
  redis.call('PEXPIRE', key, ARGV[6])
end
return 0
