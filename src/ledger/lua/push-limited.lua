-- Adds a pushed event whose handler has limits, unless it exists. ARGV: limits, key, id, name, data, options, time.
local id = ARGV[3]
if redis.call('EXISTS', jobKey(id)) == 1 then return 0 end
local g = gateOf(ARGV[1])
local delay = takeIn(g, id, ARGV[2], true) or HELD_MS
addJobs({ { id = id, name = ARGV[4], data = ARGV[5], opts = ARGV[6], delay = delay } }, 0, ARGV[7])
if g.size > 0 then give(g) end
return 1
