--[[
Deletes an import that has ended, with all that is kept of it.

KEYS     of the import, see import-append.lua
Returns  1, or 0: it has not ended, or there is none
]]
local status = redis.call('HGET', KEYS[1], 's')
if not status or status == 'draft' or status == 'queued' or status == 'running' then
  return 0
end
redis.call('UNLINK', unpack(KEYS))
return 1
