-- May a pull be sent now? Only if what it brings finds room: what is pulled without room hides at its vendor for a window.
-- ARGV: src, window, most that may wait, how many it is expected to add, longest time without a pull,
-- then per earlier place that is given back: its bucket, its count
-- Reply: '1', most to ask for, bucket of the reservation; or '0', ms until it is worth asking again, ''
local src, window, most, expected, patience =
  ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local waiting = waitingPulled()

for i = 6, #ARGV, 2 do redis.call('HINCRBY', roomKey(), 'reserved:' .. ARGV[i], -ARGV[i + 1]) end

-- A process that died gives nothing back: what it had reserved is forgotten with its bucket.
local bucket = math.floor(now / 15000)
local reserved, asked, served = 0, {}, {}
local fields = redis.call('HGETALL', roomKey())
for i = 1, #fields, 2 do
  local kind, name = string.match(fields[i], '^(%a+):(.*)$')
  local value = tonumber(fields[i + 1])
  if kind == 'asked' then asked[name] = value
  elseif kind == 'served' then served[name] = value
  elseif math.abs(bucket - tonumber(name)) > 1 then redis.call('HDEL', roomKey(), fields[i])
  else reserved = reserved + math.max(0, value) end
end

-- At its pace it is handled in half a window: what waited longer would be delivered again meanwhile.
local rate = handledPerMs()
local cap = math.min(most, math.max(256, rate * window / 2))
local room = cap - waiting - reserved
local since = math.abs(now - (served[src] or 0))

-- Somebody else asked in vain a moment ago, and was served longer ago than we.
local function isOthersTurn()
  for other, at in pairs(asked) do
    if other ~= src and math.abs(now - at) < 300 and (served[other] or 0) < (served[src] or 0) then return true end
  end
  return false
end

local isDelayed = redis.call('ZCARD', queueKey('delayed')) >= most
local hasRoom = not isDelayed and (room >= expected or redis.call('LLEN', queueKey('wait')) == 0)
if hasRoom and room < 4 * expected and isOthersTurn() then hasRoom = false end

redis.call('PEXPIRE', roomKey(), 3600000)
-- Each pull renews what is open, so that pulling may not stop for long.
if not hasRoom and since < patience then
  redis.call('HSET', roomKey(), 'asked:' .. src, now)
  return { '0', math.floor(math.min(250, math.max(5, (expected - room) / math.max(rate, 0.001)))), '' }
end
redis.call('HSET', roomKey(), 'served:' .. src, now)
redis.call('HDEL', roomKey(), 'asked:' .. src)
redis.call('HINCRBY', roomKey(), 'reserved:' .. bucket, expected)
redis.call('PEXPIRE', roomKey(), 3600000)
return { '1', math.floor(math.max(expected, room)), tostring(bucket) }
