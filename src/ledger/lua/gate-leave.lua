#!lua flags=allow-oom
-- Gives the place of an event back, after its end is known and before its job ends. ARGV: limits, id, how: 'done',
-- 'rest' (it keeps its turn and gives its place back) or 'back' (it keeps both, and is started again), the number of
-- this start of its job
local g, id, how = gateOf(ARGV[1]), ARGV[2], ARGV[3]
local e = eventAt(g, id)
if not e then return 0 end
if g.carries and isOutrun(id, ARGV[4]) then return 0 end
if g.carries and how ~= 'done' then setDown(g, id, false) end
if how == 'back' then
  redis.call('ZADD', gatePlacesKey(g.name), 'XX', string.format('%.0f', now), id)
  return 0
end
if how == 'rest' then
  redis.call('ZREM', gatePlacesKey(g.name), id)
  redis.call('ZADD', gateRestsKey(g.name), string.format('%.0f', now), id)
else
  forgetAt(g, id, e)
end
give(g)
return 0
