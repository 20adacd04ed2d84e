--[[
Puts another state of an account in the place of the one that was read, with the event that it is.

KEYS[1]  states (hash): <account> text
KEYS[2]  outbox (list): events that wait to be carried, as JSON
         Neither expires.

ARGV[1]  account
ARGV[2]  what was read ("" for none)
ARGV[3]  what is to stand there
ARGV[4]  the event, or ""
Returns  1, or 0: there is something else by now, and nothing was changed
]]
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
if ARGV[4] ~= '' then
  redis.call('RPUSH', KEYS[2], ARGV[4])
end
return 1
