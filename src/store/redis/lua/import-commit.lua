--[[
Counts a chunk of a job and what its rows lost, keeps its report, and notes how far the job is; with the last job the import ends.

KEYS     of the import, see import-append.lua
ARGV[1]  number of the account
ARGV[2]  block
ARGV[3]  owner
ARGV[4]  up to which row the chunk goes (exclusive)
ARGV[5]  report, or ""
ARGV[6]  now, RFC 3339
ARGV[7]  how long an import is kept that does not change (ms)
ARGV[8]  how long one is kept that has ended (ms)
ARGV[9]  up to which row the next chunk goes, where it is to be marked (import-mark.lua), or -
ARGV[10] how many outcomes follow
ARGV[11…] outcome, rows, outcome, rows … and then lost:<code> or skipped:<code>, warnings, for each code; call:<call> or waited:<what>
The chunk that was committed last may be committed again: it changes nothing, and the answer is the same.
Returns  "lost": the owner does not have the job (any more) · "wrong": the rows are not those that come next, or do not
         add up. Nothing was changed in both cases.
         "open": more rows to come · "done": the block is at its end · "canceled": the import has ended
]]
local record, blocks, jobs, reports, reported = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local account, block, upto = ARGV[1], ARGV[2], tonumber(ARGV[4])
local job = account .. ':' .. block

local found = redis.call('HMGET', record, 's', 'a')
local status, accounts = found[1], tonumber(found[2] or 0)
local running = status == 'queued' or status == 'running'
local owner, committed, marked = string.match(redis.call('HGET', jobs, job) or '', '^(%S+) (%d+) (%S+)$')
if not status or owner ~= ARGV[3] then
  return 'lost'
end

local rows = tonumber(redis.call('HGET', jobs, 'r' .. block))
local done = upto == rows
local verdict = status == 'canceled' and 'canceled' or done and 'done' or 'open'
if upto == tonumber(committed) and upto > 0 then
  return verdict
end

local sum = 0
for at = 12, 10 + 2 * ARGV[10], 2 do
  sum = sum + tonumber(ARGV[at])
end
if marked == 'done' or sum <= 0 or upto - committed ~= sum or upto > rows then
  return 'wrong'
end

for at = 11, #ARGV, 2 do
  redis.call('HINCRBY', record, account .. ':' .. ARGV[at], ARGV[at + 1])
end
redis.call('HINCRBY', record, 'v', 1)
if ARGV[5] ~= '' then
  local number = redis.call('HINCRBY', reports, block .. ':' .. account, 1)
  redis.call('HSET', reports, block .. ':' .. account .. ':' .. number, ARGV[5])
  redis.call('ZADD', reported, block, block)
  redis.call('HINCRBY', record, 'y', string.len(ARGV[5]))
end

if done or not running then
  redis.call('HSET', jobs, job, owner .. ' ' .. upto .. ' done')
  local needed = redis.call('ZSCORE', reported, block)
  for other = 0, accounts - 1 do
    needed = needed or not string.find(redis.call('HGET', jobs, other .. ':' .. block) or '', ' done$')
  end
  if not needed then
    redis.call('HINCRBY', record, 'y', -redis.call('HSTRLEN', blocks, block))
    redis.call('HDEL', blocks, block)
  end
else
  redis.call('HSET', jobs, job, owner .. ' ' .. upto .. ' ' .. ARGV[9])
end

local keep = running and ARGV[7] or (redis.call('HGET', record, 'k') or ARGV[8])
if done and running and redis.call('HINCRBY', record, 'j', -1) == 0 then
  local ended = 'completed'
  for other = 0, accounts - 1 do
    for _, outcome in ipairs({ 'rejected', 'failed', 'unknown' }) do
      if redis.call('HEXISTS', record, other .. ':' .. outcome) == 1 then
        ended = 'completed_with_errors'
      end
    end
  end
  redis.call('HSET', record, 's', ended, 't1', ARGV[6], 'e', 1)
  keep = (redis.call('HGET', record, 'k') or ARGV[8])
end
expire_keys(keep)
return verdict
