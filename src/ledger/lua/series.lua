#!lua flags=allow-oom
-- Adds the counts of a process since its last call to small series. ARGV: most names of a step, number of series, per
-- series the length of its steps and how long a step is kept, how long last events are known, their number, per last
-- event its source and how many ms ago it arrived, then names and counts
local most, series = tonumber(ARGV[1]), tonumber(ARGV[2])
local at = 3 + 2 * series
local kept, sources = ARGV[at], tonumber(ARGV[at + 1])
local first = at + 2 + 2 * sources

for i = 1, series do
  local step = tonumber(ARGV[1 + 2 * i])
  local key = seriesKey(string.format('%.0f:%.0f', step, math.floor(now / step)))
  local names = redis.call('HLEN', key)
  for j = first, #ARGV, 2 do
    if names < most or redis.call('HEXISTS', key, ARGV[j]) == 1 then
      -- HINCRBY returns exactly this number only for a new name.
      if redis.call('HINCRBY', key, ARGV[j], ARGV[j + 1]) == tonumber(ARGV[j + 1]) then names = names + 1 end
    end
  end
  redis.call('PEXPIRE', key, ARGV[2 + 2 * i])
end

for i = at + 2, first - 1, 2 do
  local cameAt = math.floor(now - tonumber(ARGV[i + 1]))
  if cameAt > tonumber(redis.call('HGET', seriesKey('last'), ARGV[i]) or 0) then
    redis.call('HSET', seriesKey('last'), ARGV[i], string.format('%.0f', cameAt))
  end
end
if sources > 0 then redis.call('PEXPIRE', seriesKey('last'), kept) end
return 1
