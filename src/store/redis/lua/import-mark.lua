--[[
Notes that rows of a job may have been sent.

KEYS     of the import, see import-append.lua
ARGV[1]  number of the account
ARGV[2]  block
ARGV[3]  owner
ARGV[4]  up to which row (exclusive)
Returns  1, or 0: the owner does not have the job (any more), and nothing was changed
]]
local job = ARGV[1] .. ':' .. ARGV[2]
local owner, committed, marked = string.match(redis.call('HGET', KEYS[3], job) or '', '^(%S+) (%d+) (%S+)$')
if owner ~= ARGV[3] or marked == 'done' then
  return 0
end
redis.call('HSET', KEYS[3], job, owner .. ' ' .. committed .. ' ' .. ARGV[4])
return 1
