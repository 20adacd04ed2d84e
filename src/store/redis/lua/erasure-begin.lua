--[[
Keeps a new erasure, unless one of the same people is not completed.

All keys of erasures lie in one slot of a cluster:
KEYS[1]  records (hash):  <id> version, a space, the erasure as JSON
KEYS[2]  order (zset):    <id> by the time when it was made (ms)
KEYS[3]  wakes (zset):    <id> by the time when there is something to do (ms)
KEYS[4]  people (hash):   <what stands for the addresses> id, of those that are not completed · <id> the former
KEYS[5]  ends (zset):     <id> by the time until when it is kept (ms), of those that are completed
         None expires: what is kept no longer is taken out when somebody looks for work.

ARGV[1]  id
ARGV[2]  when it was made (ms)
ARGV[3]  when there is something to do (ms)
ARGV[4]  the erasure as JSON
ARGV[5…] what stands for the addresses, by each set of keys; the first is kept
Returns  id of the one that is kept
]]
for at = 5, #ARGV do
  local known = redis.call('HGET', KEYS[4], ARGV[at])
  if known and redis.call('HEXISTS', KEYS[1], known) == 1 then
    return known
  end
end
redis.call('HSET', KEYS[1], ARGV[1], '1 ' .. ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[4], ARGV[5], ARGV[1], ARGV[1], ARGV[5])
return ARGV[1]
