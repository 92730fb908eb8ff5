#!lua flags=allow-oom
-- Ends the carried events of a batch. ARGV: limits, id of the carrier, the number of this start of its job, then per
-- event: id, how ('handled', 'parked', 'retry', 'later': no attempt is used, 'back': it waits as before), ms until its
-- next attempt, reason, stacks as JSON
local g, carrier = gateOf(ARGV[1]), ARGV[2]
if isOutrun(carrier, ARGV[3]) then return 0 end
for i = 4, #ARGV, 5 do
  local id, how = ARGV[i], ARGV[i + 1]
  -- If the carrier lost its lock, another start may have taken these events.
  if redis.call('SREM', carriedKey(carrier), id) == 1 and redis.call('EXISTS', jobKey(id)) == 1 then
    local e = eventAt(g, id)
    redis.call('HDEL', jobKey(id), 'carrier')
    if how ~= 'back' then endDelayedJob(id, how, tonumber(ARGV[i + 2]), ARGV[i + 3], ARGV[i + 4]) end
    if not e then -- the gate does not know it any more
    elseif how == 'back' then holdWaiting(g, id, e)
    elseif how == 'retry' or how == 'later' then
      redis.call('ZADD', gateRestsKey(g.name), string.format('%.0f', now), id)
    else forgetAt(g, id, e) end
  end
end
give(g)
return 0
