--[[
Puts entries of one part of the suppression list in the place of what was found there before, each by itself.

KEYS[1]  entries (hash): id → entry, as suppression-codec.ts has it
KEYS[2]  order (list): of each entry the 7 bytes of its number and what follows the first character of its id, from the
         oldest to the newest. The numbers grow: microseconds since 1970, or one more than the last.
KEYS[3]  outbox (list): events that wait to be carried, as JSON
         None expires.

ARGV[1]  the beginning of the event that this is, up to its data, or "": nobody is to be told
ARGV[2…] of each entry: id, what was found ("" for none), what is to stand there, what is told of its address (JSON, or "")
Returns  for each 1, or 0: there is something else by now, and nothing was changed
]]
local entries, order, outbox = KEYS[1], KEYS[2], KEYS[3]
local time = redis.call('TIME')
local micros = tonumber(time[1]) * 1000000 + tonumber(time[2])

local newest = redis.call('LINDEX', order, -1)
local last = newest and struct.unpack('>I7', newest) or 0

local done, created, changed, told = {}, {}, {}, {}
for at = 2, #ARGV, 4 do
  local id, before, after, address = unpack(ARGV, at, at + 3)
  if (redis.call('HGET', entries, id) or '') ~= before then
    done[#done + 1] = 0
  else
    local number, updated
    if before == '' then
      last = math.max(micros, last + 1)
      number = struct.pack('>I7', last)
      updated = last
      redis.call('RPUSH', order, number .. string.sub(id, 2))
    else
      number = string.sub(before, 3, 9)
      updated = micros
    end
    local millis = struct.pack('>I6', math.floor(updated / 1000))
    redis.call('HSET', entries, id, string.sub(after, 1, 2) .. number .. millis .. string.sub(after, 16))
    done[#done + 1] = 1
    -- But for what is written here.
    local is_same = string.sub(before, 1, 2) == string.sub(after, 1, 2) and string.sub(before, 16) == string.sub(after, 16)
    if not is_same then
      local ids = before == '' and created or changed
      ids[#ids + 1] = '"' .. id .. '"'
      if address ~= '' then
        told[#told + 1] = '"' .. id .. '":' .. address
      end
    end
  end
end
if ARGV[1] ~= '' and #created + #changed > 0 then
  local addresses = #told > 0 and ',"addresses":{' .. table.concat(told, ',') .. '}' or ''
  local data = string.format(
    '"data":{"created":[%s],"updated":[%s],"removed":[],"since":%d%s}}',
    table.concat(created, ','),
    table.concat(changed, ','),
    math.floor(micros / 1000),
    addresses
  )
  redis.call('RPUSH', outbox, ARGV[1] .. data)
end
return done
