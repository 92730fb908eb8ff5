-- How many jobs could start now. ARGV: the time of the process that would start them, since BullMQ computes delays from
-- that clock.
-- Reply: those that wait and those whose delay is over; 0 while the queue is paused or at a limit.
local paused, concurrency, max = unpack(redis.call('HMGET', queueKey('meta'), 'paused', 'concurrency', 'max'))
if paused then return 0 end
if concurrency and redis.call('LLEN', queueKey('active')) >= tonumber(concurrency) then return 0 end
local isLimited = max and tonumber(redis.call('GET', queueKey('limiter')) or 0) >= tonumber(max)
if isLimited and redis.call('PTTL', queueKey('limiter')) > 0 then return 0 end
return redis.call('LLEN', queueKey('wait')) + redis.call('ZCOUNT', queueKey('delayed'), 0, tonumber(ARGV[1]) * 0x1000)
