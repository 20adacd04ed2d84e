--[[
Gives a job to an owner: whoever had it before has lost it. The caller holds the job's lock in the queue.

KEYS     of the import, see import-append.lua
ARGV[1]  number of the account
ARGV[2]  block
ARGV[3]  owner, a token that no other has
ARGV[4]  now, RFC 3339
Returns  {payload, rows committed, rows marked or "-", 1 if somebody had it before and did not leave it (import-leave.lua)}, or nil: there is nothing to do (any more)
]]
local record, blocks, jobs, reported = KEYS[1], KEYS[2], KEYS[3], KEYS[5]
local account, block, owner = ARGV[1], ARGV[2], ARGV[3]
local job = account .. ':' .. block

local found = redis.call('HMGET', record, 's', 'a')
local status = found[1]
local before, committed, marked = string.match(redis.call('HGET', jobs, job) or '- 0 -', '^(%S+) (%d+) (%S+)$')
if not status or status == 'draft' or status == 'removed' or marked == 'done' then
  return nil
end

if status ~= 'queued' and status ~= 'running' then
  redis.call('HSET', jobs, job, '- ' .. committed .. ' done')
  local needed = redis.call('ZSCORE', reported, block)
  for other = 0, tonumber(found[2]) - 1 do
    needed = needed or not string.find(redis.call('HGET', jobs, other .. ':' .. block) or '', ' done$')
  end
  if not needed then
    redis.call('HINCRBY', record, 'y', -redis.call('HSTRLEN', blocks, block))
    redis.call('HDEL', blocks, block)
  end
  return nil
end

if status == 'queued' then
  redis.call('HSET', record, 's', 'running', 't0', ARGV[4])
  redis.call('HINCRBY', record, 'v', 1)
end
redis.call('HSET', jobs, job, owner .. ' ' .. committed .. ' ' .. marked)
return { redis.call('HGET', blocks, block), tonumber(committed), marked, before == '-' and 0 or 1 }
