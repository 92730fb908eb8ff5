#!lua flags=allow-oom
-- Reserves the next place for a call under a quota that all replicas share.
-- ARGV: name of the quota, calls per second. Reply: now, ms to wait.
-- Nine tenths of the quota evenly spaced, one tenth as a burst: never more than the quota in any second.
local key, per_second = quotaKey(ARGV[1]), tonumber(ARGV[2])
local gap, burst = 1000 / (per_second * 0.9), 100
local free = math.max(tonumber(redis.call('GET', key) or 0), now)
if free - now > 60000 then free = now end -- the clock was set back
redis.call('SET', key, string.format('%.3f', free + gap), 'PX', 60000)
return { now, math.max(0, math.ceil(free - now - burst)) }
