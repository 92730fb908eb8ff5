-- Joined before the pages of the desk: what a delayed job waits for, if a limit of its handler holds its event.
local gates

local function isPausedGate(name)
  local paused, till = unpack(redis.call('HMGET', gateKey(name), 'paused', 'until'))
  return paused == '1' and (not till or now < tonumber(till))
end

local function waitIn(name, kind, id, key)
  if redis.call('ZSCORE', gateBehindKey(name), id) then
    return { what = 'key', handler = name, key = key, after = redis.call('ZRANGE', gateLineKey(name .. ':' .. key), 0, 0)[1] }
  end
  local waits = redis.call('ZSCORE', gateWaitsKey(name), id)
  if waits and isPausedGate(name) then return { what = 'pause', handler = name } end
  if waits then return { what = kind == 'batches' and 'batch' or 'place', handler = name } end
  if redis.call('ZSCORE', gatePlacesKey(name), id) then return { what = 'rate', handler = name } end
end

-- The reason as JSON. Nil for an event between two attempts.
local function heldText(id)
  gates = gates or redis.call('HGETALL', gatesKey())
  for i = 1, #gates, 2 do
    local key = string.match(redis.call('HGET', gateEventsKey(gates[i]), id) or '', '^%d+ %d (.*)$')
    local wait = key and waitIn(gates[i], gates[i + 1], id, key)
    if wait then return cjson.encode(wait) end
  end
end
