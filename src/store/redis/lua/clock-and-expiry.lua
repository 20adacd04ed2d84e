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

