--[[
Puts entries of one part of the suppression list in the place of what was found there before, each by itself.

KEYS[1]  entries (hash): id → entry, as suppression-codec.ts has it
KEYS[2]  order (list): of each entry the 7 bytes of its number and what follows the first character of its id, from the
         oldest to the newest. The numbers grow: microseconds since 1970, or one more than the last.
         Neither expires.

ARGV     of each entry: id, what was found ("" for none), what is to stand there
Returns  for each 1, or 0: there is something else by now, and nothing was changed
]]
local entries, order = KEYS[1], KEYS[2]
local time = redis.call('TIME')
local micros = tonumber(time[1]) * 1000000 + tonumber(time[2])

local newest = redis.call('LINDEX', order, -1)
local last = newest and struct.unpack('>I7', newest) or 0

local done = {}
for at = 1, #ARGV, 3 do
  local id, before, after = ARGV[at], ARGV[at + 1], ARGV[at + 2]
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
  end
end
return done
