-- The handler has no limits any more: the events that they held may start. ARGV: name of the gate. Reply: how many are
-- left.
local g = gateOf('0 0 0 0 ' .. ARGV[1])
local keys = { gateWaitsKey(g.name), gateBehindKey(g.name), gatePlacesKey(g.name), gateRestsKey(g.name) }
for _, key in ipairs(keys) do
  for _, id in ipairs(redis.call('ZRANGE', key, 0, MOST)) do
    local e = eventAt(g, id)
    local score = redis.call('ZSCORE', queueKey('delayed'), id)
    if score and tonumber(score) > (now + NEVER_DELAYED_MS) * 0x1000 then promoteJob(id, 0) end
    forgetAt(g, id, e or { seq = 0, isPushed = false, key = '', line = '' })
  end
end
local left = 0
for _, key in ipairs(keys) do left = left + redis.call('ZCARD', key) end
if left == 0 then
  -- Also forget an event that is in none of these states. Otherwise the search for it would never end.
  redis.call('DEL', gateEventsKey(g.name))
  redis.call('HDEL', gatesKey(), g.name)
end
return left
