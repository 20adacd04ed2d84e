--[[
Deletes an import that has ended, with all that is kept of it. Where its end has not been told yet its record stays until it
is (import-told.lua): for who tells it, and nobody else.

KEYS     of the import, see import-append.lua
Returns  1, or 0: it has not ended, or there is none
]]
local record = KEYS[1]
local found = redis.call('HMGET', record, 's', 'e')
local status = found[1]
if not status or status == 'draft' or status == 'queued' or status == 'running' or status == 'removed' then
  return 0
end
if found[2] then
  redis.call('HSET', record, 's', 'removed', 'x', status)
  redis.call('UNLINK', unpack(KEYS, 2))
else
  redis.call('UNLINK', unpack(KEYS))
end
return 1
