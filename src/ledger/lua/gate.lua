-- Joined before the scripts that know limits: the gate of a handler. Its rules are in src/ledger/gate.ts.
local AHEAD_MS, RUNS, MOST = 1000, 1e15, 64
local gates = {}
-- Defined in batch.lua.
local setDown, giveBatches

-- limits: from the handler's code, "concurrency perSecond size linger name", 0 for none. An operator's limits replace
-- them until their time is over.
local function gateOf(limits)
  if gates[limits] then return gates[limits] end
  local concurrency, perSecond, size, linger, name = string.match(limits, '^(%S+) (%S+) (%S+) (%S+) (.*)$')
  local f = redis.call('HMGET', gateKey(name), 'paused', 'concurrency', 'perSecond', 'until', 'startsFrom', 'slot', 'carries')
  local isSet = not f[4] or now < tonumber(f[4])
  local g = {
    name = name, isPaused = isSet and f[1] == '1', concurrency = tonumber(isSet and f[2] or concurrency),
    perSecond = tonumber(isSet and f[3] or perSecond), startsFrom = tonumber(f[5] or 0), slot = tonumber(f[6] or 0),
    size = tonumber(size), linger = tonumber(linger),
  }
  -- An earlier version of the handler may have left batches.
  g.carries = g.size > 0 or f[7] == '1'
  if g.concurrency == 0 then g.concurrency = math.huge end
  if g.perSecond > 0 then
    g.gap = 1000 / g.perSecond
    -- The most by which a start may come early without more than perSecond + 1 starts in any second.
    g.early = math.max(0, (math.floor(g.perSecond) + 1 - g.perSecond) * g.gap - 1)
    -- The time is further ahead only if the clock was set back, or if the rate was raised.
    g.startsFrom = math.min(g.startsFrom, now + g.early + g.gap)
    g.slot = math.min(g.slot, now + AHEAD_MS + g.gap)
  end
  gates[limits] = g
  return g
end

-- Nil if this gate does not know the event.
local function eventAt(g, id)
  local seq, isPushed, key = string.match(redis.call('HGET', gateEventsKey(g.name), id) or '', '^(%d+) (%d) (.*)$')
  return seq and { seq = seq, isPushed = isPushed == '1', key = key, line = g.name .. ':' .. key }
end

-- How many events wait for this limit.
local function heldAt(g)
  return redis.call('ZCARD', gateWaitsKey(g.name)) + redis.call('ZCARD', gateBehindKey(g.name))
end

-- Held events do not count against the bound of waiting events, so held pushed ones are counted here.
local function countHeld(e, by)
  if e.isPushed then redis.call('HINCRBY', waitingPushesKey(), 'held', by) end
end

local function holdBehind(g, id, e)
  if redis.call('ZADD', gateBehindKey(g.name), e.seq, id) == 1 then countHeld(e, 1) end
end

local function holdWaiting(g, id, e)
  if redis.call('ZADD', gateWaitsKey(g.name), e.seq, id) == 1 then countHeld(e, 1) end
end

local function takeWaiting(g, id, e)
  if redis.call('ZREM', gateWaitsKey(g.name), id) == 1 then countHeld(e, -1) end
end

local function isHead(e, id)
  return e.key == '' or redis.call('ZRANGE', gateLineKey(e.line), 0, 0)[1] == id
end

local function hasPlace(g)
  if g.isPaused or redis.call('ZCARD', gatePlacesKey(g.name)) >= g.concurrency then return false end
  if g.perSecond == 0 or g.slot <= now + AHEAD_MS then return true end
  return redis.call('ZCOUNT', gatePlacesKey(g.name), '-inf', RUNS) == 0
end

-- Reply: ms until its start.
local function givePlace(g, id)
  local at = now
  if g.perSecond > 0 then
    at = math.max(now, g.slot)
    g.slot = at + g.gap
    redis.call('HSET', gateKey(g.name), 'slot', string.format('%.3f', g.slot))
  end
  redis.call('ZADD', gatePlacesKey(g.name), string.format('%.0f', at), id)
  return math.ceil(at - now)
end

-- In how many ms the rate lets the event start. Nil: it may start now, and this call counts as the start.
local function laterBy(g, id)
  if g.perSecond == 0 then return nil end
  local wait = math.ceil(g.startsFrom - g.early - now)
  if wait > 0 then
    redis.call('ZADD', gatePlacesKey(g.name), string.format('%.0f', now + wait), id)
    return wait
  end
  g.startsFrom = math.max(now, g.startsFrom) + g.gap
  redis.call('HSET', gateKey(g.name), 'startsFrom', string.format('%.3f', g.startsFrom))
  return nil
end

-- Whether a new event starts without being held. An event of a batch is always held.
local function startsAtOnce(g, key)
  if g.size > 0 then return false end
  if redis.call('ZCARD', gateWaitsKey(g.name)) > 0 or not hasPlace(g) then return false end
  return key == '' or redis.call('EXISTS', gateLineKey(g.name .. ':' .. key)) == 0
end

-- Forgets the event. The next event of its key does not wait for it any more.
local function forgetAt(g, id, e)
  if g.carries then setDown(g, id, false) end
  takeWaiting(g, id, e)
  if redis.call('ZREM', gateBehindKey(g.name), id) == 1 then countHeld(e, -1) end
  redis.call('ZREM', gatePlacesKey(g.name), id)
  redis.call('ZREM', gateRestsKey(g.name), id)
  redis.call('HDEL', gateEventsKey(g.name), id)
  if e.key == '' then return end
  redis.call('ZREM', gateLineKey(e.line), id)
  local head = redis.call('ZRANGE', gateLineKey(e.line), 0, 0, 'WITHSCORES')
  if head[1] and redis.call('ZREM', gateBehindKey(g.name), head[1]) == 1 then
    redis.call('ZADD', gateWaitsKey(g.name), head[2], head[1])
  end
end

-- Whether its job was started again after that start, because the process lost the lock.
local function isOutrun(id, nth)
  return nth ~= '' and tonumber(redis.call('HGET', jobKey(id), 'ats') or 0) > tonumber(nth)
end

-- A process may run a job that Redis has lost. `look` would give away the place and the key of such a run.
local function isLost(id)
  return redis.call('EXISTS', jobKey(id)) == 0
end

-- Events of batches wait ordered by time, in thousandths of a ms so that the order is kept.
local function nextSeq(g)
  local seq = redis.call('HINCRBY', gateKey(g.name), 'seq', 1)
  return g.size > 0 and string.format('%.0f', now * 1000 + seq % 1000) or seq
end

-- Adds the event behind all others. Reply: ms until it may start; nil if it is held.
local function takeIn(g, id, key, isPushed)
  local known = eventAt(g, id)
  if known then forgetAt(g, id, known) end
  local seq = nextSeq(g)
  local e = { seq = seq, isPushed = isPushed, key = key, line = g.name .. ':' .. key }
  redis.call('HSET', gateEventsKey(g.name), id, seq .. (isPushed and ' 1 ' or ' 0 ') .. key)
  if key ~= '' then
    redis.call('ZADD', gateLineKey(e.line), seq, id)
    if not isHead(e, id) then
      holdBehind(g, id, e)
      return nil
    end
  end
  if startsAtOnce(g, '') then return givePlace(g, id) end
  holdWaiting(g, id, e)
  return nil
end

local function isGone(id)
  return isLost(id) or redis.call('ZSCORE', queueKey('completed'), id)
end

-- An end makes room, so waiting events may start.
local function give(g)
  if g.size > 0 then return giveBatches(g) end
  for _ = 1, MOST do
    local id = redis.call('ZRANGE', gateWaitsKey(g.name), 0, 0)[1]
    if not id or not hasPlace(g) then return end
    local e = eventAt(g, id)
    if not e then
      redis.call('ZREM', gateWaitsKey(g.name), id)
    elseif isGone(id) or redis.call('ZSCORE', queueKey('failed'), id) then
      forgetAt(g, id, e)
    else
      takeWaiting(g, id, e)
      local delay = givePlace(g, id)
      -- An event that is not delayed is about to be held. The next look starts it.
      if redis.call('ZSCORE', queueKey('delayed'), id) then promoteJob(id, delay) end
    end
  end
end
