-- Asks at every start whether the limits of the handler let the event run. ARGV: limits, id, key, '1' if it was pushed,
-- '1' if it may carry no others, the number of this start of its job
-- Reply: 'go', 0, and per carried event: id, data, attempts that ended, starts; 'later', ms; or 'held', 0
local g, id = gateOf(ARGV[1]), ARGV[2]
if g.size > 0 then return enterBatch(g, id, ARGV[4] == '1', ARGV[5] == '1', ARGV[6]) end
local e = eventAt(g, id)
if not e then
  if isLost(id) or not takeIn(g, id, ARGV[3], ARGV[4] == '1') then return { 'held', 0 } end
elseif g.isPaused and redis.call('ZREM', gatePlacesKey(g.name), id) == 1 then
  holdWaiting(g, id, e)
  return { 'held', 0 }
elseif not redis.call('ZSCORE', gatePlacesKey(g.name), id) then
  redis.call('ZREM', gateRestsKey(g.name), id)
  if not isHead(e, id) then
    holdBehind(g, id, e)
    return { 'held', 0 }
  end
  if not hasPlace(g) then
    holdWaiting(g, id, e)
    return { 'held', 0 }
  end
  takeWaiting(g, id, e)
  givePlace(g, id)
end
local wait = laterBy(g, id)
if wait then return { 'later', wait } end
redis.call('ZADD', gatePlacesKey(g.name), string.format('%.0f', RUNS + now), id)
if g.perSecond > 0 then give(g) end
return { 'go', 0 }
