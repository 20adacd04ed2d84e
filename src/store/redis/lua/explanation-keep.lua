--[[
Keeps explanations of requests of one client; those that are over the limits go, the oldest first.

Both keys lie in one slot of a cluster, and expire when nothing has been added for as long as one is kept:
KEYS[1]  records (hash): h:<id> how many requests had the id, when this one came (ms), until when it is kept (ms), its head; blanks between
                         a:<id> its accounts
                         b      bytes of all
KEYS[2]  order (zset):   <id> by the time when it came (ms)

ARGV[1]  how long one is kept (ms)
ARGV[2]  how many are kept at most
ARGV[3]  bytes that are kept at most
ARGV[4…] id, when it came (ms), head, accounts, and so on for each
]]
local records, order = KEYS[1], KEYS[2]
local keep, most, most_bytes = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local overhead = 160
local most_expired = 500

local function size_of(id)
  local sizes = redis.call('HSTRLEN', records, 'h:' .. id) + redis.call('HSTRLEN', records, 'a:' .. id)
  return sizes > 0 and sizes + 2 * string.len(id) + overhead or 0
end

local now = now_ms()
local bytes = tonumber(redis.call('HGET', records, 'b') or 0)

local function drop(id)
  bytes = bytes - size_of(id)
  redis.call('HDEL', records, 'h:' .. id, 'a:' .. id)
  redis.call('ZREM', order, id)
end

for at = 4, #ARGV, 4 do
  local id, came, head, accounts = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local held = redis.call('HGET', records, 'h:' .. id)
  local count, last = 0, nil
  if held then
    count, last = string.match(held, '^(%d+) (%d+) ')
  end
  bytes = bytes - size_of(id)
  if last and tonumber(last) > tonumber(came) then
    redis.call('HSET', records, 'h:' .. id, (count + 1) .. string.sub(held, string.len(count) + 1))
  else
    redis.call('HSET', records, 'h:' .. id, (count + 1) .. ' ' .. came .. ' ' .. (now + keep) .. ' ' .. head, 'a:' .. id, accounts)
    redis.call('ZADD', order, came, id)
  end
  bytes = bytes + size_of(id)
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', order, '-inf', now - keep, 'LIMIT', 0, most_expired)) do
  drop(id)
end
local left = redis.call('ZCARD', order)
while left > 0 and (left > most or bytes > most_bytes) do
  drop(redis.call('ZRANGE', order, 0, 0)[1])
  left = left - 1
end
redis.call('HSET', records, 'b', bytes)
expire_keys(keep)
return left
