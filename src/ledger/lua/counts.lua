-- How many events the queue holds. ARGV: the id of the canary, which is no event.
-- Reply: waiting (with those that a limit holds), active, delayed, failed, completed, 1 while it is paused
local waiting, active = redis.call('LLEN', queueKey('wait')), redis.call('LLEN', queueKey('active'))
if redis.call('EXISTS', jobKey(ARGV[1])) == 1 then
  -- Search the shorter of the two lists.
  if redis.call('LPOS', queueKey('active'), ARGV[1]) then active = active - 1 else waiting = waiting - 1 end
end
local delayed = delayedJobs()
waiting = math.max(0, waiting) + redis.call('ZCARD', queueKey('delayed')) - delayed
return {
  waiting, active, delayed, redis.call('ZCARD', queueKey('failed')),
  redis.call('ZCARD', queueKey('completed')), redis.call('HEXISTS', queueKey('meta'), 'paused'),
}
