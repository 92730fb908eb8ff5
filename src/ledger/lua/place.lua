#!lua flags=allow-oom
-- Decides which pulls may be sent now: only those for whose events there is room. An event pulled without room is hidden
-- at its vendor for a window.
-- ARGV: most that may wait, how many pulls ended; then per pull that ended: its member among those under way, '1' if it
-- had no usable answer; then per pull: src, window, how many it is expected to add, longest time without a pull, its
-- member
-- Reply per pull: '1', most to ask for; or '0', ms after which to ask again
local most = tonumber(ARGV[1])
local FIRST, WIDTH = 3 + 2 * tonumber(ARGV[2]), 5

-- Written again after Redis lost its data.
redis.call('SET', bornKey(), string.format('%.0f', now), 'NX')
for i = 3, FIRST - 1, 2 do endPull(ARGV[i], ARGV[i + 1] == '1') end
endAgedPulls()
local reserved = 0
for _, member in ipairs(redis.call('ZRANGE', pullsKey(), 0, -1)) do reserved = reserved + tonumber(expectedOf(member)) end

local asked, served = {}, {}
local fields = redis.call('HGETALL', roomKey())
for i = 1, #fields, 2 do
  local kind, name = string.match(fields[i], '^(%a+):(.*)$')
  if kind == 'asked' then asked[name] = tonumber(fields[i + 1]) else served[name] = tonumber(fields[i + 1]) end
end

local rate, waiting = handledPerMs(), waitingPulled()
local isDelayed, isIdle = delayedJobs() >= most, redis.call('LLEN', queueKey('wait')) == 0

-- Another source recently asked without success, and was served longer ago than this one.
local function isOthersTurn(src)
  for other, at in pairs(asked) do
    if other ~= src and math.abs(now - at) < 300 and (served[other] or 0) < (served[src] or 0) then return true end
  end
  return false
end

local function noteTurn(src, kind)
  gather('HSET', roomKey(), kind .. ':' .. src, now)
  if kind == 'asked' then asked[src] = now else served[src] = now end
end

local function place(src, window, expected, patience, pull)
  -- Only as many events may wait as are handled in half a window. An event that waits longer would be delivered again.
  local cap = math.min(most, math.max(256, rate * window / 2))
  local room = cap - waiting - reserved
  local since = math.abs(now - (served[src] or 0))
  local hasRoom = not isDelayed and (room >= expected or isIdle)
  if hasRoom and room < 4 * expected and isOthersTurn(src) then hasRoom = false end

  -- Pulls renew the receipts of open events, so pulling must not stop for long.
  if not hasRoom and since < patience then
    noteTurn(src, 'asked')
    return { '0', math.floor(math.min(250, math.max(5, (expected - room) / math.max(rate, 0.001)))) }
  end
  noteTurn(src, 'served')
  asked[src] = nil
  gather('HDEL', roomKey(), 'asked:' .. src)
  gather('ZADD', pullsKey(), pull, now)
  reserved = reserved + expected
  return { '1', math.floor(math.max(expected, room)) }
end

local reply = {}
for i = FIRST, #ARGV, WIDTH do
  reply[#reply + 1] =
    place(ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3]), ARGV[i + 4])
end
writeGathered()
redis.call('PEXPIRE', roomKey(), 3600000)
return reply
