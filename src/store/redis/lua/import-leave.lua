--[[
Leaves a job of which no row was sent that is not committed: the next owner is told of none before it.

KEYS     of the import, see import-append.lua
ARGV[1]  number of the account
ARGV[2]  block
ARGV[3]  owner
Returns  1, or 0: the owner does not have the job (any more), and nothing was changed
]]
local job = ARGV[1] .. ':' .. ARGV[2]
local owner, state = string.match(redis.call('HGET', KEYS[3], job) or '', '^(%S+) (%d+ %S+)$')
if owner ~= ARGV[3] then
  return 0
end
redis.call('HSET', KEYS[3], job, '- ' .. state)
return 1
