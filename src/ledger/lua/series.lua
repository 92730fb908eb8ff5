#!lua flags=allow-oom
-- Adds what a process counted since its last word to small series. ARGV: how many series there are, per series the length of
-- its steps and how long a step is kept, then names and counts
local count = tonumber(ARGV[1])
for i = 1, count do
  local step = tonumber(ARGV[2 * i])
  local key = seriesKey(string.format('%.0f:%.0f', step, math.floor(now / step)))
  for at = 2 * count + 2, #ARGV, 2 do redis.call('HINCRBY', key, ARGV[at], ARGV[at + 1]) end
  redis.call('PEXPIRE', key, ARGV[2 * i + 1])
end
return 1
