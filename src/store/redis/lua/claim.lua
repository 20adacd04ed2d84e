--[[
Takes idempotency keys for owners, or tells why they cannot be had: one or several at once. Atomic; the clock is the
server's.

KEYS[1]  run (hash): who works on the request now
           f fingerprint · o owner · l end of its lease (ms) · k how long it is kept after that (ms) · i intent
           d "1" when it was taken over from a dead owner · n number of marks · m1 … mn marks
KEYS[2]  answer (string): 32 bytes fingerprint, then the encoded answer, whose first byte is odd when it is resumable
         The two expire by themselves, each in its own time: while a resumed run goes on the answer before it stays.

ARGV[1]  fingerprint, 32 bytes
ARGV[2]  owner
ARGV[3]  lease (ms)
ARGV[4]  how long an unfinished run is kept after its lease (ms)
ARGV[5]  intent
ARGV[6]  what the fingerprint of the same request was before the store had a key, or ""

Keys and arguments of the next one follow after these in the same order.

Returns  for each one:
         {"claimed"}
         {"running", ms left of the lease}
         {"reused"}
         {"done", answer}
         {"resumed", died (1 or 0), answer or nil, the run's fields and values as they were, {} unless died}
]]
local now = now_ms()

local function claim(run, answer, fingerprint, owner, lease, keep, intent, former)
  local found = redis.call('HMGET', run, 'f', 'o', 'l', 'd')
  local running = found[1]
  local same_owner = running and found[2] == owner

  if running then
    if running ~= fingerprint and running ~= former then
      return { 'reused' }
    end
    local left = tonumber(found[3]) - now
    if left > 0 and not same_owner then
      return { 'running', left }
    end
  else
    local head = redis.call('GETRANGE', answer, 0, 32)
    if head ~= '' then
      local answered = string.sub(head, 1, 32)
      if answered ~= fingerprint and answered ~= former then
        return { 'reused' }
      end
      if string.byte(head, 33) % 2 == 0 then
        return { 'done', redis.call('GET', answer) }
      end
    end
  end

  -- An owner that claims again (it did not hear the first answer) hears the same as then.
  local died = running and (not same_owner or found[4] == '1')
  local before = died and redis.call('HGETALL', run) or {}
  local previous = redis.call('GET', answer)

  redis.call('HSET', run, 'o', owner, 'l', now + tonumber(lease), 'k', keep)
  if died then
    redis.call('HSET', run, 'd', '1')
  elseif not running then
    redis.call('HSET', run, 'f', fingerprint, 'i', intent)
  end
  redis.call('PEXPIRE', run, lease + keep)

  if not died and not previous then
    return { 'claimed' }
  end
  return { 'resumed', died and 1 or 0, previous, before }
end

return for_each(2, 6, claim)
