#!lua flags=allow-oom
-- Repairs the gate once a second. An event may have been held just when it was given a place, or the event of a place
-- may be gone. ARGV: limits, 'ordered', 'batches' or 'plain', '1' if a parked event holds its key, ms after which a
-- given place is checked, ms after which a taken place is checked
-- Reply: how many are held, how many have a place
local g, holdsParked = gateOf(ARGV[1]), ARGV[3] == '1'
local NOBODY = { seq = 0, isPushed = false, key = '', line = '' }
-- Written again after Redis was emptied.
redis.call('HSET', gatesKey(), g.name, ARGV[2])

local function dueIn(key, from, after)
  return redis.call('ZRANGEBYSCORE', key, from, string.format('%.0f', from + now - after), 'LIMIT', 0, MOST)
end

local function lookAtPlaces(from, after)
  for _, id in ipairs(dueIn(gatePlacesKey(g.name), from, after)) do
    local e = eventAt(g, id)
    local isParked = redis.call('ZSCORE', queueKey('failed'), id)
    if not e or isGone(id) or (isParked and not holdsParked) then
      forgetAt(g, id, e or NOBODY)
    elseif isParked then
      redis.call('ZREM', gatePlacesKey(g.name), id)
      redis.call('ZADD', gateRestsKey(g.name), string.format('%.0f', now), id)
    else
      redis.call('ZADD', gatePlacesKey(g.name), string.format('%.0f', from + now), id)
      if from == 0 and redis.call('ZSCORE', queueKey('delayed'), id) then promoteJob(id, 0) end
    end
  end
end

lookAtPlaces(0, tonumber(ARGV[4]))
lookAtPlaces(RUNS, tonumber(ARGV[5]))
for _, id in ipairs(dueIn(gateRestsKey(g.name), 0, tonumber(ARGV[5]))) do
  local e = eventAt(g, id)
  if not e or isGone(id) or (not holdsParked and redis.call('ZSCORE', queueKey('failed'), id)) then
    forgetAt(g, id, e or NOBODY)
  else
    redis.call('ZADD', gateRestsKey(g.name), string.format('%.0f', now), id)
  end
end
give(g)
return { heldAt(g), redis.call('ZCARD', gatePlacesKey(g.name)) }
