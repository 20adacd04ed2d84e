--[[
Puts a block, or a report, in the place of the one that was read. Counts stay.

KEYS     of the import, see import-append.lua
ARGV[1]  which key it is in: 2 blocks, 4 reports
ARGV[2]  field
ARGV[3]  SHA-1 of what was read, 40 hexadecimal digits
ARGV[4]  what is to stand there
Returns  1, or 0: there is something else by now, or nothing; nothing was changed
]]
local key = KEYS[tonumber(ARGV[1])]
local held = redis.call('HGET', key, ARGV[2])
if not held or redis.sha1hex(held) ~= ARGV[3] then
  return 0
end
redis.call('HSET', key, ARGV[2], ARGV[4])
redis.call('HINCRBY', KEYS[1], 'y', string.len(ARGV[4]) - string.len(held))
return 1
