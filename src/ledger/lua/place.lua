#!lua flags=allow-oom
-- Decides whether a pull may be sent now: only if there is room for its events. An event pulled without room is hidden
-- at its vendor for a window.
-- ARGV: src, window, most that may wait, how many it is expected to add, longest time without a pull, the pull as a
-- member of those under way, then per pull that ended: its member, '1' if it had no usable answer
-- Reply: '1', most to ask for; or '0', ms after which to ask again
local src, window, most, expected, patience, pull =
  ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]

-- Written again after Redis lost its data.
redis.call('SET', bornKey(), string.format('%.0f', now), 'NX')
for i = 7, #ARGV, 2 do endPull(ARGV[i], ARGV[i + 1] == '1') end
endAgedPulls()
local reserved = 0
for _, member in ipairs(redis.call('ZRANGE', pullsKey(), 0, -1)) do reserved = reserved + tonumber(expectedOf(member)) end

local asked, served = {}, {}
local fields = redis.call('HGETALL', roomKey())
for i = 1, #fields, 2 do
  local kind, name = string.match(fields[i], '^(%a+):(.*)$')
  if kind == 'asked' then asked[name] = tonumber(fields[i + 1]) else served[name] = tonumber(fields[i + 1]) end
end

-- Only as many events may wait as are handled in half a window. An event that waits longer would be delivered again.
local rate = handledPerMs()
local cap = math.min(most, math.max(256, rate * window / 2))
local room = cap - waitingPulled() - reserved
local since = math.abs(now - (served[src] or 0))

-- Another source recently asked without success, and was served longer ago than this one.
local function isOthersTurn()
  for other, at in pairs(asked) do
    if other ~= src and math.abs(now - at) < 300 and (served[other] or 0) < (served[src] or 0) then return true end
  end
  return false
end

local function noteTurn(kind)
  redis.call('HSET', roomKey(), kind .. ':' .. src, now)
  redis.call('PEXPIRE', roomKey(), 3600000)
end

local isDelayed = delayedJobs() >= most
local hasRoom = not isDelayed and (room >= expected or redis.call('LLEN', queueKey('wait')) == 0)
if hasRoom and room < 4 * expected and isOthersTurn() then hasRoom = false end

-- Pulls renew the receipts of open events, so pulling must not stop for long.
if not hasRoom and since < patience then
  noteTurn('asked')
  return { '0', math.floor(math.min(250, math.max(5, (expected - room) / math.max(rate, 0.001)))) }
end
noteTurn('served')
redis.call('HDEL', roomKey(), 'asked:' .. src)
redis.call('ZADD', pullsKey(), now, pull)
return { '1', math.floor(math.max(expected, room)) }
