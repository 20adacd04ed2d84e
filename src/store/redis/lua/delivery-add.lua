--[[
Keeps deliveries of events to a client. One that is there already stays as it is.

All keys of a client's deliveries lie in one slot of a cluster:
KEYS[1]  records (hash):   <id> version, a space, the delivery as JSON
KEYS[2]  payloads (hash):  <id> what is sent
KEYS[3]  order (zset):     <id> by the time when it was made (ms)
KEYS[4]  waiting (zset):   <id> by the time of the next try (ms), of those that are pending
KEYS[5]  ends (zset):      <id> by the time until when it is kept (ms), of the others
         None expires: what is kept no longer is taken out here.

ARGV[1]  now (ms)
ARGV[2]  how many are kept
ARGV[3…] of each: id, when it was made, when it is tried (or -1), until when it is kept (or -1), the delivery, the payload
Returns  how many that were pending had to go
]]
local records, payloads, order, waiting, ends = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]

local function forget(id)
  redis.call('HDEL', records, id)
  redis.call('HDEL', payloads, id)
  redis.call('ZREM', order, id)
  redis.call('ZREM', ends, id)
  return redis.call('ZREM', waiting, id)
end

for at = 3, #ARGV, 6 do
  local id, made, try, ends_at, record, payload = unpack(ARGV, at, at + 5)
  if redis.call('HSETNX', records, id, '1 ' .. record) == 1 then
    redis.call('HSET', payloads, id, payload)
    redis.call('ZADD', order, made, id)
    if tonumber(try) >= 0 then
      redis.call('ZADD', waiting, try, id)
    else
      redis.call('ZADD', ends, ends_at, id)
    end
  end
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', ARGV[1], 'LIMIT', 0, 200)) do
  forget(id)
end
local lost = 0
local surplus = redis.call('ZCARD', order) - ARGV[2]
if surplus > 0 then
  for _, id in ipairs(redis.call('ZRANGE', order, 0, surplus - 1)) do
    lost = lost + forget(id)
  end
end
return lost
