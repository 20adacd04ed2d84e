--[[
Takes an entry off the suppression list.

KEYS[1]  entries (hash), as in suppression-replace.lua
KEYS[2]  order (list)
KEYS[3]  outbox (list)

ARGV[1]  id
ARGV[2]  the beginning of the event that this is, up to its data, or ""
Returns  1, or 0: there is none
]]
local held = redis.call('HGET', KEYS[1], ARGV[1])
if not held then
  return 0
end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('LREM', KEYS[2], -1, string.sub(held, 3, 9) .. string.sub(ARGV[1], 2))
if ARGV[2] ~= '' then
  local data = '"data":{"created":[],"updated":[],"removed":["%s"],"since":%d}}'
  redis.call('RPUSH', KEYS[3], ARGV[2] .. string.format(data, ARGV[1], now_ms()))
end
return 1
