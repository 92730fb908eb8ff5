#!lua flags=allow-oom
-- Reserves the next turns for calls under quotas that all replicas share.
-- ARGV per call: name of the quota, calls per second. Reply: now, then per call: ms to wait, thousandths of the quota
-- that are used.
-- Turns are evenly spaced, at a little less than the quota, so that jitter on the way to the vendor does little harm. A
-- worker that was held up may make up for it by a burst. Its size alone would break the quota, so no second has more
-- turns than that.
local SHARE, BURST_MS, SECOND_MS = 0.99, 200, 1000
local quotas, reply = {}, { now }

local function read(name)
  local free, calls, at = string.match(redis.call('GET', quotaKey(name)) or '', '^(%S+) (%S+) (%S+)$')
  free = math.max(tonumber(free or 0), now)
  if free - now > 60000 then -- the clock was set back
    free = now
    redis.call('DEL', turnsKey(name))
  end
  -- Calls of about the last second: each counts less and less, as in core/pace.ts.
  return { free = free, calls = tonumber(calls or 0) * math.exp(math.min(0, tonumber(at or now) - now) / SECOND_MS) }
end

for i = 1, #ARGV, 2 do
  local name, per_second = ARGV[i], tonumber(ARGV[i + 1])
  local quota = quotas[name] or read(name)
  quotas[name] = quota
  quota.calls, quota.most = quota.calls + 1, math.max(1, math.floor(per_second * SHARE))
  local earliest = tonumber(redis.call('LINDEX', turnsKey(name), -quota.most) or -SECOND_MS) + SECOND_MS
  local turn = math.max(now, math.ceil(quota.free - BURST_MS), earliest)
  redis.call('RPUSH', turnsKey(name), turn)
  quota.free = quota.free + SECOND_MS / (per_second * SHARE)
  reply[#reply + 1] = turn - now
  reply[#reply + 1] = math.ceil(1000 * quota.calls / per_second)
end

for name, quota in pairs(quotas) do
  redis.call('SET', quotaKey(name), string.format('%.3f %.3f %d', quota.free, quota.calls, now), 'PX', 60000)
  redis.call('LTRIM', turnsKey(name), -quota.most, -1)
  redis.call('PEXPIRE', turnsKey(name), 60000)
end
return reply
