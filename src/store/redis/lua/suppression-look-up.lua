--[[
Tells on which channels addresses are suppressed.

KEYS[n]  entries (hash, see suppression-replace.lua) of the part of the list that the address with this number is in
ARGV[n]  its id
Returns  a string with a character for each: its channels, as the first one of its entry; a zero: it is not on the list
]]
local found = {}
for n = 1, #KEYS do
  local entry = redis.call('HGET', KEYS[n], ARGV[n])
  found[n] = entry and string.sub(entry, 1, 1) or '\0'
end
return table.concat(found)
