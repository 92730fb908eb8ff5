#!lua flags=allow-oom
-- Reserves the next place for a call under a quota that all replicas share.
-- ARGV: name of the quota, calls per second. Reply: now, ms to wait, thousandths of the quota that are used.
-- 98 hundredths of the quota evenly spaced, the rest as a burst: never more than the quota in any second. A larger
-- burst would cost sustained calls, which a vendor's full stream of events needs.
local key, per_second = quotaKey(ARGV[1]), tonumber(ARGV[2])
local gap, burst = 1000 / (per_second * 0.98), 20
local free, calls, at = string.match(redis.call('GET', key) or '', '^(%S+) (%S+) (%S+)$')
free = math.max(tonumber(free or 0), now)
if free - now > 60000 then free = now end -- the clock was set back
-- Calls of about the last second: each counts less and less, as in core/pace.ts.
calls = tonumber(calls or 0) * math.exp(math.min(0, tonumber(at or now) - now) / 1000) + 1
redis.call('SET', key, string.format('%.3f %.3f %d', free + gap, calls, now), 'PX', 60000)
return { now, math.max(0, math.ceil(free - now - burst)), math.ceil(1000 * calls / per_second) }
