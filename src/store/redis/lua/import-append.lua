--[[
Adds a block to an import that is being uploaded. A block that is there already changes nothing.

The keys of an import, which all of its scripts are given, in one slot of a cluster:
KEYS[1]  record (hash):   r what was said of it, as JSON · s status ("draft" until it is published) · n rows · b blocks
                          s is "removed" where it was deleted before its end was told: x is the status that it had
                          a accounts · j jobs left · v version · t0, t1 started and finished at · y bytes of all
                          e its end has not been told yet
                          k how long it is kept when it has ended (ms), else what the scripts are told
                          <account>:<outcome> rows (accounts are numbered from 0, in the order of the record)
                          <account>:skipped:<code> warnings of rows that were skipped · <account>:lost:<code> of others
KEYS[2]  blocks (hash):   <block> payload
KEYS[3]  jobs (hash):     r<block> rows of the block
                          <account>:<block> "<owner> <rows committed> <rows marked, or - for none, or done>"; absent: not begun
KEYS[4]  reports (hash):  <block>:<account> how many there are · <block>:<account>:<number> each, from 1
KEYS[5]  reported (set):  blocks that have reports, sorted
         All five expire together: a draft an hour after its last block, an import when it has been kept long enough.

ARGV[1]  block
ARGV[2]  payload
ARGV[3]  rows
ARGV[4]  how long the draft is kept (ms)
Returns  1, or 0: there is no such draft (any more)
]]
if redis.call('HGET', KEYS[1], 's') ~= 'draft' then
  return 0
end
if redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2]) == 1 then
  redis.call('HSET', KEYS[3], 'r' .. ARGV[1], ARGV[3])
  redis.call('HINCRBY', KEYS[1], 'n', ARGV[3])
  redis.call('HINCRBY', KEYS[1], 'b', 1)
  redis.call('HINCRBY', KEYS[1], 'y', string.len(ARGV[2]))
end
expire_keys(ARGV[4])
return 1
