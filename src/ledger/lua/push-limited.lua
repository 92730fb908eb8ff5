-- Adds a pushed event whose handler has limits. ARGV: limits, key, id, name, data, options, time. Nothing if it is there.
local id = ARGV[3]
if redis.call('EXISTS', jobKey(id)) == 1 then return 0 end
local delay = takeIn(gateOf(ARGV[1]), id, ARGV[2], true) or HELD_MS
addJobs({ { id = id, name = ARGV[4], data = ARGV[5], opts = ARGV[6], delay = delay } }, 0, ARGV[7])
return 1
