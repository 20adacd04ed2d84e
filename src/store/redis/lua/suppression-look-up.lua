--[[
Tells on which channels addresses are suppressed.

KEYS[n]  entries (hash, see suppression-replace.lua) of a part of the list
ARGV[1]  the names of these parts, a character each
ARGV[2]  ids, 22 characters each, all of these parts
Returns  a string with a character for each id: its channels, as the first one of its entry; a zero: it is not on the list
]]
local idLength = 22
local entries = {}
for n = 1, #KEYS do entries[string.sub(ARGV[1], n, n)] = KEYS[n] end
local ids = ARGV[2]
local found = {}
for at = 1, #ids, idLength do
  local id = string.sub(ids, at, at + idLength - 1)
  local entry = redis.call('HGET', entries[string.sub(id, 1, 1)], id)
  found[#found + 1] = entry and string.sub(entry, 1, 1) or '\0'
end
return table.concat(found)
