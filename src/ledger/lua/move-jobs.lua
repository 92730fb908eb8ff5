-- Completes running jobs and starts waiting ones, as `moveToFinished` and `moveToActive` of BullMQ 6.7.0 do for one
-- job. Values that are equal for all are read and written once. No event is emitted, since only `QueueEvents` reads
-- them, and a marker wakes other workers only if more jobs wait. test/ledger/bullmq-moves.redis.test.ts compares the
-- two. Jobs with a parent or deduplication are not handled here, and all unclear cases are left to BullMQ. On a full
-- Redis jobs can end, and then others start, since an end begins with a command that needs no room.
-- ARGV: time of the process, since BullMQ computes delays from that clock; ms that a lock lasts; name of the worker;
-- most completed jobs that are kept, and for how many ms; then per move: job to complete ('' for none), lock, attempts
-- made, result as JSON, '1' if a job is to start under the lock
-- Reply per move: 'complete' if BullMQ must complete the job; 'start' if BullMQ must start the next one; else the
-- started job as `moveToActive` returns it, or with its fields and values in one text and its data behind the rest;
-- empty if there is none
local time, lockMs, worker, most, keptMs = tonumber(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local FIRST, WIDTH, MOST_AT_ONCE = 6, 5, 1000

local function complete(id, attempts, result)
  if redis.call('LREM', queueKey('active'), -1, id) == 0 then return false end
  local key = jobKey(id)
  redis.call('HSET', key, 'atm', attempts, 'returnvalue', result, 'finishedOn', ARGV[1])
  return true
end

local function forgetFirst(count)
  if count <= 0 then return end
  local keys = {}
  for _, id in ipairs(redis.call('ZRANGE', queueKey('completed'), 0, count - 1)) do
    local key = jobKey(id)
    keys[#keys + 1] = key
    keys[#keys + 1] = key .. ':logs'
  end
  redis.call('DEL', unpack(keys))
  redis.call('ZREMRANGEBYRANK', queueKey('completed'), 0, count - 1)
end

local function trimCompleted()
  local old = redis.call('ZCOUNT', queueKey('completed'), '-inf', time - keptMs)
  forgetFirst(math.min(MOST_AT_ONCE, math.max(old, redis.call('ZCARD', queueKey('completed')) - most)))
end

local function startDelayed()
  local due = redis.call('ZRANGEBYSCORE', queueKey('delayed'), 0, string.format('%.0f', (time + 1) * 0x1000 - 1),
    'LIMIT', 0, MOST_AT_ONCE)
  if #due == 0 then return end
  redis.call('ZREM', queueKey('delayed'), unpack(due))
  for _, id in ipairs(due) do
    local key = jobKey(id)
    local priority = tonumber(redis.call('HGET', key, 'priority')) or 0
    if priority == 0 then
      redis.call('LPUSH', queueKey('wait'), id)
    else
      local count = redis.call('INCR', queueKey('pc'))
      redis.call('ZADD', queueKey('prioritized'),
        string.format('%.0f', priority * 0x100000000 + count % 0x100000000), id)
    end
    redis.call('HSET', key, 'delay', 0)
  end
end

-- The reader of a reply takes as long for each of two dozen short texts as for a long one. So all fields but the data
-- are one text, unless a value contains the separator.
local function toldOf(id, fields, data)
  for i = 2, #fields, 2 do
    if string.find(fields[i], '\0', 1, true) then
      fields[#fields + 1], fields[#fields + 2] = 'data', data
      return { fields, id, 0, 0 }
    end
  end
  return { table.concat(fields, '\0'), id, 0, 0, data }
end

-- The usual fields of a job that never started.
local FRESH = { 'name', 'opts', 'timestamp', 'delay', 'priority', 'data' }
local NEWS = { 'processedOn', ARGV[1], 'pb', worker, 'ats', '1' }
local TOLD_NEWS = table.concat(NEWS, '\0')

-- Nil if the job has other fields, or a value contains the separator.
local function startFresh(id, key)
  if redis.call('HLEN', key) ~= #FRESH then return nil end
  local f = redis.call('HMGET', key, unpack(FRESH))
  for i = 1, #FRESH do if not f[i] then return nil end end
  if string.find(f[1] .. f[2] .. f[3] .. f[4] .. f[5] .. worker, '\0', 1, true) then return nil end
  redis.call('HSET', key, unpack(NEWS))
  local told = 'name\0' .. f[1] .. '\0opts\0' .. f[2] .. '\0timestamp\0' .. f[3] .. '\0delay\0' .. f[4] ..
    '\0priority\0' .. f[5] .. '\0' .. TOLD_NEWS
  return { told, id, 0, 0, f[6] }
end

local function start(id, lock)
  local key = jobKey(id)
  redis.call('SET', key .. ':lock', lock, 'PX', lockMs)
  local fresh = startFresh(id, key)
  if fresh then return fresh end
  local fields, kept, data, starts = redis.call('HGETALL', key), {}, '', 1
  for i = 1, #fields, 2 do
    local field, value = fields[i], fields[i + 1]
    if field == 'data' then data = value else kept[#kept + 1], kept[#kept + 2] = field, value end
    if field == 'ats' then starts = value + 1 end
  end
  local news = { 'processedOn', ARGV[1], 'pb', worker, 'ats', string.format('%.0f', starts) }
  redis.call('HSET', key, unpack(news))
  -- The reader takes the last value of a field.
  for _, word in ipairs(news) do kept[#kept + 1] = word end
  return toldOf(id, kept, data)
end

-- Called when no job waits: when the next delayed job is due, if there is one.
local function whenNext()
  if redis.call('EXISTS', queueKey('prioritized')) == 1 then return 'start' end
  local first = redis.call('ZRANGE', queueKey('delayed'), 0, 0, 'WITHSCORES')
  return first[2] and { 0, 0, 0, math.floor(first[2] / 0x1000) } or {}
end

local function startNext(places, reply)
  local paused, concurrency, max = unpack(redis.call('HMGET', queueKey('meta'), 'paused', 'concurrency', 'max'))
  if paused or concurrency or max then
    for _, n in ipairs(places) do reply[n] = 'start' end
    return
  end
  startDelayed()
  -- The first to start is the last of the list.
  local ids = redis.call('LRANGE', queueKey('wait'), -#places, -1)
  if #ids > 0 then
    redis.call('LTRIM', queueKey('wait'), 0, -#ids - 1)
    local started = {}
    for i = #ids, 1, -1 do started[#started + 1] = ids[i] end
    redis.call('LPUSH', queueKey('active'), unpack(started))
  end
  local rest = #ids < #places and whenNext()
  for i, n in ipairs(places) do
    local id = ids[#ids + 1 - i]
    reply[n] = id and start(id, ARGV[FIRST + (n - 1) * WIDTH + 1]) or rest
  end
  if not rest and redis.call('EXISTS', queueKey('wait')) == 1 then redis.call('ZADD', queueKey('marker'), 0, '0') end
end

local locks, keys, moves = {}, {}, 0
for i = FIRST, #ARGV, WIDTH do
  moves = moves + 1
  locks[moves] = jobKey(ARGV[i]) .. ':lock'
  if ARGV[i] ~= '' then keys[#keys + 1] = jobKey(ARGV[i]) end
end
local holders = redis.call('MGET', unpack(locks))
local haveAll = #keys > 0 and redis.call('EXISTS', unpack(keys)) == #keys

local reply, ended, unlocked, scores, places = {}, {}, {}, {}, {}
for n = 1, moves do
  local i = FIRST + (n - 1) * WIDTH
  local id, lock = ARGV[i], ARGV[i + 1]
  local isEnded = id ~= '' and holders[n] == lock and (haveAll or redis.call('EXISTS', jobKey(id)) == 1)
    and complete(id, ARGV[i + 2], ARGV[i + 3])
  if isEnded then
    ended[#ended + 1], unlocked[#unlocked + 1] = id, locks[n]
    scores[#scores + 1], scores[#scores + 2] = ARGV[1], id
  end
  reply[n] = (isEnded or id == '') and {} or 'complete'
  if reply[n] ~= 'complete' and ARGV[i + 4] == '1' then places[#places + 1] = n end
end

if #ended > 0 then
  redis.call('DEL', unpack(unlocked))
  redis.call('SREM', queueKey('stalled'), unpack(ended))
  redis.call('ZADD', queueKey('completed'), unpack(scores))
  trimCompleted()
end
if #places > 0 then startNext(places, reply) end
return reply
