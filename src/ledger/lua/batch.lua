-- Joined after the gate: batches. Events of a batch handler wait, ordered by when they began to wait. The batch starts
-- when enough of them wait, or when the first has waited long enough. The first one then gets a place, and takes others
-- along when it starts. It is their carrier. The carried ones stay among the delayed jobs until the carrier has
-- reported how each ended.
local ALONE_AFTER, MOST_BYTES, STARTED_BY_HAND_MS = 2, 16777216, 1000

-- How many events may share a batch with this one. Each failed attempt halves the number, so that an event that fails
-- all others ends up alone. It is alone at once if its process ended twice while it ran, since the guilty event is
-- unknown then.
local function mostWith(g, id)
  local failures, stalls = unpack(redis.call('HMGET', jobKey(id), 'atm', 'stc'))
  if tonumber(stalls or 0) >= ALONE_AFTER then return 1 end
  return math.max(1, math.ceil(g.size / 2 ^ tonumber(failures or 0)))
end

local function isCarried(id)
  local carrier = redis.call('HGET', jobKey(id), 'carrier')
  return carrier and redis.call('SISMEMBER', carriedKey(carrier), id) == 1
end

-- Carried events whose end was not reported wait again as before.
-- hasStalled: its start never ended. Then theirs have not either.
setDown = function(g, carrier, hasStalled)
  for _, id in ipairs(redis.call('SMEMBERS', carriedKey(carrier))) do
    local e = eventAt(g, id)
    if e and isGone(id) then
      forgetAt(g, id, e)
    elseif redis.call('EXISTS', jobKey(id)) == 1 then
      redis.call('HDEL', jobKey(id), 'carrier')
      if hasStalled then redis.call('HINCRBY', jobKey(id), 'stc', 1) end
      if e then holdWaiting(g, id, e)
      elseif redis.call('ZSCORE', queueKey('delayed'), id) then promoteJob(id, 0) end
    end
  end
  redis.call('DEL', carriedKey(carrier))
end

-- Reply: for each event taken along: id, data, attempts that ended, starts.
local function takeAlong(g, carrier)
  local most, members, bytes = mostWith(g, carrier), {}, 0
  local worker = redis.call('HGET', jobKey(carrier), 'pb')
  for _, id in ipairs(redis.call('ZRANGE', gateWaitsKey(g.name), 0, g.size + MOST)) do
    if #members + 1 >= most or bytes > MOST_BYTES then break end
    local e = eventAt(g, id)
    -- An event that is just starting, or just being held, is not in that list.
    local own = e and redis.call('ZSCORE', queueKey('delayed'), id) and mostWith(g, id)
    if own and own >= #members + 2 then
      most = math.min(most, own)
      takeWaiting(g, id, e)
      redis.call('ZADD', queueKey('delayed'), string.format('%.0f', (now + HELD_MS) * 0x1000), id)
      redis.call('SADD', carriedKey(carrier), id)
      redis.call('HSET', jobKey(id), 'carrier', carrier, 'processedOn', now)
      if worker then redis.call('HSET', jobKey(id), 'pb', worker) end
      local starts = redis.call('HINCRBY', jobKey(id), 'ats', 1)
      local data, failures = unpack(redis.call('HMGET', jobKey(id), 'data', 'atm'))
      members[#members + 1] = { id, data, tonumber(failures or 0), starts }
      bytes = bytes + #data
    end
  end
  if #members > 0 then redis.call('HSET', gateKey(g.name), 'carries', '1') end
  return members
end

-- The first waiting event after this many.
local function firstAfter(g, count)
  for _, id in ipairs(redis.call('ZRANGE', gateWaitsKey(g.name), count, count + MOST)) do
    local e = eventAt(g, id)
    if not e then
      redis.call('ZREM', gateWaitsKey(g.name), id)
    elseif isGone(id) or redis.call('ZSCORE', queueKey('failed'), id) then
      forgetAt(g, id, e)
    else
      local score = redis.call('ZSCORE', queueKey('delayed'), id)
      if score then return id, e, tonumber(score) end
    end
  end
end

-- For how many ms it may still wait for company. Zero if the clock was set back: its waiting time is unknown then.
local function lingersFor(g, e)
  local ms = math.floor(e.seq / 1000) + g.linger - now
  return ms > g.linger and 0 or ms
end

local function isFull(g, id, waiting)
  return waiting >= math.min(g.size, mostWith(g, id))
end

giveBatches = function(g)
  for _ = 1, MOST do
    if not hasPlace(g) then return end
    -- Events with a place that have not started yet will take these along.
    local taken = redis.call('ZCOUNT', gatePlacesKey(g.name), '-inf', RUNS) * (g.size - 1)
    local id, e, score = firstAfter(g, taken)
    if not id then return end
    local ms = lingersFor(g, e)
    if ms > 0 and not isFull(g, id, redis.call('ZCARD', gateWaitsKey(g.name)) - taken) then
      if score > (now + NEVER_DELAYED_MS) * 0x1000 then promoteJob(id, ms) end
      return
    end
    takeWaiting(g, id, e)
    promoteJob(id, givePlace(g, id))
  end
end

-- It begins to wait now, unless it waits already.
local function waitOn(g, id, e, isAnew)
  if isAnew then
    e.seq = nextSeq(g)
    redis.call('HSET', gateEventsKey(g.name), id, e.seq .. (e.isPushed and ' 1 ' or ' 0 ') .. e.key)
  end
  holdWaiting(g, id, e)
end

local function enterBatch(g, id, isPushed, isAlone, nth)
  if isOutrun(id, nth) then return { 'held', 0 } end
  -- An operator started it while its batch runs. It is delayed again, because the batch's end moves only delayed jobs.
  if isCarried(id) then return { 'later', STARTED_BY_HAND_MS } end
  if not eventAt(g, id) then
    if isLost(id) then return { 'held', 0 } end
    takeIn(g, id, '', isPushed)
  end
  local e = eventAt(g, id)
  if g.isPaused and redis.call('ZREM', gatePlacesKey(g.name), id) == 1 then
    setDown(g, id, false)
    holdWaiting(g, id, e)
    return { 'held', 0 }
  elseif not redis.call('ZSCORE', gatePlacesKey(g.name), id) then
    waitOn(g, id, e, redis.call('ZREM', gateRestsKey(g.name), id) == 1)
    local ms = lingersFor(g, e)
    if ms > 0 and not isFull(g, id, redis.call('ZCARD', gateWaitsKey(g.name))) then return { 'later', ms } end
    if not hasPlace(g) then return { 'held', 0 } end
    takeWaiting(g, id, e)
    givePlace(g, id)
  end
  local wait = laterBy(g, id)
  if wait then return { 'later', wait } end
  setDown(g, id, true)
  local members = isAlone and {} or takeAlong(g, id)
  redis.call('ZADD', gatePlacesKey(g.name), string.format('%.0f', RUNS + now), id)
  give(g)
  return { 'go', 0, members }
end
