--[[
What several scripts do: this stands before each of them.
]]

-- The clock of the server, in milliseconds.
local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Lets all keys that a script was given expire together.
local function expire_keys(after_ms)
  for _, key in ipairs(KEYS) do
    redis.call('PEXPIRE', key, after_ms)
  end
end


-- Does `work` for each of what a script is asked at once, with its keys and its arguments. What fails of one is its own
-- reply: the others have theirs.
local function for_each(key_count, argument_count, work)
  local replies = {}
  for n = 1, #KEYS / key_count do
    local parts = {}
    for k = (n - 1) * key_count + 1, n * key_count do
      parts[#parts + 1] = KEYS[k]
    end
    for a = (n - 1) * argument_count + 1, n * argument_count do
      parts[#parts + 1] = ARGV[a]
    end
    local done, reply = pcall(work, unpack(parts))
    if not done and type(reply) ~= 'table' then
      reply = redis.error_reply(tostring(reply))
    end
    replies[n] = reply
  end
  return replies
end
