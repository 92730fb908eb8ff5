#!lua flags=allow-oom
-- Ends the events of a batch, which the first of them carried. ARGV: limits, id of the carrier, which of its job's starts it is, then of each: id, how ('handled'; 'parked';
-- 'retry'; 'later': without using the attempt; 'back': it waits as before), ms until its next attempt, why, stacks as JSON
local g, carrier = gateOf(ARGV[1]), ARGV[2]
if isOutrun(carrier, ARGV[3]) then return 0 end
for i = 4, #ARGV, 5 do
  local id, how = ARGV[i], ARGV[i + 1]
  -- If the carrier lost its lock, another start may have taken these events.
  if redis.call('SREM', carriedKey(carrier), id) == 1 and redis.call('EXISTS', jobKey(id)) == 1 then
    local e = eventAt(g, id)
    redis.call('HDEL', jobKey(id), 'carrier')
    if how ~= 'back' then endDelayedJob(id, how, tonumber(ARGV[i + 2]), ARGV[i + 3], ARGV[i + 4]) end
    if not e then -- nothing more is known of it
    elseif how == 'back' then holdWaiting(g, id, e)
    elseif how == 'retry' or how == 'later' then
      redis.call('ZADD', gateRestsKey(g.name), string.format('%.0f', now), id)
    else forgetAt(g, id, e) end
  end
end
give(g)
return 0
