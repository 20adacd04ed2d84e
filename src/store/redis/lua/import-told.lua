--[[
Notes that the end of an import was told. Of one that was deleted meanwhile nothing is kept any more.

KEYS[1]  record, see import-append.lua
Returns  1
]]
if redis.call('HGET', KEYS[1], 's') == 'removed' then
  redis.call('UNLINK', KEYS[1])
else
  redis.call('HDEL', KEYS[1], 'e')
end
return 1
