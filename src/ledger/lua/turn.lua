#!lua flags=allow-oom
-- Reserves the next places for calls under quotas that all replicas share.
-- ARGV per call: name of the quota, calls per second. Reply: now, then per call: ms to wait, thousandths of the quota
-- that are used.
-- 98 hundredths of a quota evenly spaced, the rest as a burst: never more than the quota in any second. A larger burst
-- would cost sustained calls, which a vendor's full stream of events needs.
local SHARE, BURST_MS = 0.98, 20
local quotas, reply = {}, { now }

local function read(key)
  local free, calls, at = string.match(redis.call('GET', key) or '', '^(%S+) (%S+) (%S+)$')
  free = math.max(tonumber(free or 0), now)
  if free - now > 60000 then free = now end -- the clock was set back
  -- Calls of about the last second: each counts less and less, as in core/pace.ts.
  return { free = free, calls = tonumber(calls or 0) * math.exp(math.min(0, tonumber(at or now) - now) / 1000) }
end

for i = 1, #ARGV, 2 do
  local key, per_second = quotaKey(ARGV[i]), tonumber(ARGV[i + 1])
  local quota = quotas[key] or read(key)
  quotas[key] = quota
  quota.calls = quota.calls + 1
  reply[#reply + 1] = math.max(0, math.ceil(quota.free - now - BURST_MS))
  reply[#reply + 1] = math.ceil(1000 * quota.calls / per_second)
  quota.free = quota.free + 1000 / (per_second * SHARE)
end

for key, quota in pairs(quotas) do
  redis.call('SET', key, string.format('%.3f %.3f %d', quota.free, quota.calls, now), 'PX', 60000)
end
return reply
