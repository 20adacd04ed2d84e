--[[
Entries of one part of the suppression list, from the newest to the oldest.

KEYS[1]  entries (hash), as in suppression-replace.lua
KEYS[2]  order (list)

ARGV[1]  the first character of the ids in this part
ARGV[2]  only those with a number below this
ARGV[3]  … and not below this
ARGV[4]  the most entries
ARGV[5]  the most that are looked through
ARGV[6]  only those with one of these channels (bits), or 0
ARGV[7]  only those with this second byte, or one more, or -1

Returns  {number of the last one that was looked at, as text, or "" when there are no more; then id, entry, …}
]]
local entries, order, first = KEYS[1], KEYS[2], ARGV[1]
local below, floor = tonumber(ARGV[2]), tonumber(ARGV[3])
local limit, most = tonumber(ARGV[4]), tonumber(ARGV[5])
local channels, reason = tonumber(ARGV[6]), tonumber(ARGV[7])

-- How many there are with a number below that one.
local low, high = 0, redis.call('LLEN', order)
while low < high do
  local middle = math.floor((low + high) / 2)
  if struct.unpack('>I7', redis.call('LINDEX', order, middle)) < below then
    low = middle + 1
  else
    high = middle
  end
end

local function is_wanted(entry)
  local second = string.byte(entry, 2)
  return (channels == 0 or bit.band(string.byte(entry, 1), channels) ~= 0)
    and (reason < 0 or second == reason or second == reason + 1)
end

local found = { '' }
local step = 100
local looked = 0
while low > 0 do
  local from = math.max(0, low - step)
  local items = redis.call('LRANGE', order, from, low - 1)
  for at = #items, 1, -1 do
    local number = struct.unpack('>I7', items[at])
    if number < floor then
      return found
    end
    local id = first .. string.sub(items[at], 8)
    local entry = redis.call('HGET', entries, id)
    if entry and is_wanted(entry) then
      found[#found + 1] = id
      found[#found + 1] = entry
    end
    looked = looked + 1
    if (#found - 1) / 2 >= limit or looked >= most then
      if from + at - 1 > 0 then
        found[1] = string.format('%.0f', number)
      end
      return found
    end
  end
  low = from
end
return found
