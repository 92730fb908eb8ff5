-- Joined before every script of a source. States, fields and reasons are in src/ledger/states.ts.

-- Called at each change of an event's state, pulled or pushed, in the same script as the change. If a history is kept,
-- it is written here. `from` is '' for an event that was unknown.
local function changed(src, fp, id, from, to, reason) end

-- A script reads each record once.
local records = {}

-- Without the fields that matter only when a delivery comes, or stays away.
local function record(fp)
  if records[fp] then return records[fp] end
  local key = eventKey(fp)
  local f = redis.call('HMGET', key, 'state', 'id', 'receipt', 'receiptHash', 'openUntil', 'closedFrom', 'extending',
    'givenTwice', 'firstSeen', 'attempt')
  records[fp] = {
    fp = fp, key = key, state = f[1], id = f[2], receipt = f[3], receiptHash = f[4], openUntil = tonumber(f[5]),
    closedFrom = tonumber(f[6]), extending = f[7], givenTwice = f[8], firstSeen = tonumber(f[9]), attempt = f[10],
  }
  return records[fp]
end

local function wholeRecord(fp)
  local r = record(fp)
  if r.isWhole then return r end
  local f = redis.call('HMGET', r.key, 'returnsFrom', 'absent', 'absentFrom')
  r.returnsFrom, r.absent, r.absentFrom = tonumber(f[1]), f[2], tonumber(f[3])
  r.isWhole = true
  return r
end

-- One query instead of one for each, if none of the events is known.
local function recordsOf(fps)
  local keys = {}
  for _, fp in ipairs(fps) do keys[#keys + 1] = eventKey(fp) end
  if #keys == 0 or redis.call('EXISTS', unpack(keys)) > 0 then return end
  for i, fp in ipairs(fps) do records[fp] = { fp = fp, key = keys[i], isWhole = true } end
end

local function write(r, ...)
  local fields = { ... }
  for i = 1, #fields, 2 do
    local value = fields[i + 1]
    r[fields[i]] = value
    fields[i + 1] = texts[value] or textOf(value)
  end
  redis.call('HSET', r.key, unpack(fields))
end

-- From now on the event may be confirmed. A delivery before closedFrom + call does not count as a return.
-- attempt: the one that succeeded, for the history. Nil if none did, or no history is kept.
local function setHandled(src, r, closedFrom, call, reason, attempt)
  if r.state == 'pending' then changed(src, r.fp, r.id, 'pending', 'handled', reason) end
  write(r, 'state', 'handled', 'returnsFrom', closedFrom + call, 'absent', '0', 'attempt', attempt or r.attempt or '')
  gather('ZADD', handledKey(src), r.fp, closedFrom)
end

-- The receipt to confirm; '' while it is blocked. If it was already sent, by this or another process, the vendor
-- refuses one of the two calls because the other took effect.
local function giveOut(src, r, isGiven)
  if isBlocked(src, r) then return '' end
  if isGiven then write(r, 'givenTwice', '1') end
  return r.receipt
end

local ended, graceOfEnded = {}, 0

-- The record ends. For the grace, only the time is known, for pulls that were under way when the confirmation took
-- effect.
local function setConfirmed(src, r, grace, reason)
  changed(src, r.fp, r.id, r.state, 'confirmed', reason)
  local life = lifeOf(src, r.fp, r.id)
  if life then endLife(src, r.firstSeen, withSuccess(life, r.attempt), reason) end
  if lives[r.fp] then dropLife(src, r.fp) end
  r.state = 'confirmed'
  ended[#ended + 1] = r.fp
  graceOfEnded = grace
  gather('ZADD', confirmedKey(), r.fp, now)
  gather('ZREM', handledKey(src), r.fp)
  gather('ZREM', unconfirmedKey(src), r.fp)
  release(src, r.receiptHash, r.fp)
end

-- Called after the gathered writes.
local function writeEnded()
  if #ended == 0 then return end
  redis.call('ZREMRANGEBYSCORE', confirmedKey(), '-inf', '(' .. textOf(now - graceOfEnded))
  redis.call('PEXPIRE', confirmedKey(), graceOfEnded)
  local keys = {}
  for _, fp in ipairs(ended) do
    local key = eventKey(fp)
    keys[#keys + 1] = key
  end
  redis.call('DEL', unpack(keys))
  ended = {}
end

-- The id and state of the event as a pushed one.
local function pushOf(fp)
  return string.match(redis.call('GET', pushKey(fp)) or '', '^(.*):(%a+)$')
end

local function movePush(src, fp, id, from, to, reason)
  local key = pushKey(fp)
  if redis.call('GET', key) ~= id .. ':' .. from then return end
  redis.call('SET', key, id .. ':' .. to, 'KEEPTTL')
  changed(src, fp, id, from, to, reason)
end

-- Called when the handler succeeded or the event was given up, even if its job is not yet recorded as added.
local function endPush(src, fp, id, reason)
  local known, state = pushOf(fp)
  if known == id and (state == 'reserved' or state == 'queued') then movePush(src, fp, id, state, 'handled', reason) end
end

-- Called when no run of the event can need its steps any more.
local function dropSteps(id)
  redis.call('DEL', stepsKey(id))
  gather('HDEL', stepOwnersKey(), id)
end

-- True if nothing is left of the event and Redis lost its data while it ran. Otherwise it was confirmed, and its job
-- was removed as history.
local function isLost(r, id, hasJob, ranForMs)
  if hasJob or r.id == id or redis.call('ZSCORE', confirmedKey(), r.fp) then return false end
  local born = redis.call('GET', bornKey())
  return not born or tonumber(born) > now - ranForMs
end

-- Whether the event may still run, and whether it has a job. Without a job it may come back and get one, as long as its
-- record is pending.
local function isOpen(fp, id)
  local added, succeeded = unpack(redis.call('HMGET', jobKey(id), 'timestamp', 'handlerSucceeded'))
  if succeeded then return false, true end
  if added then return true, true end
  local r = record(fp)
  return r.id == id and r.state == 'pending', false
end

-- The number of pushed events that wait or are parked, the bytes of their bodies, and how many of them a limit holds.
local function waitingPushes()
  local fields = redis.call('HLEN', waitingPushesKey())
  if fields == 0 then return 0, 0, 0 end
  local bytes, held = unpack(redis.call('HMGET', waitingPushesKey(), 'bytes', 'held'))
  return fields - (bytes and 1 or 0) - (held and 1 or 0), tonumber(bytes or 0), tonumber(held or 0)
end

local function countPush(id, bytes, src)
  if redis.call('HSETNX', waitingPushesKey(), id, string.format('%d %.0f %s', bytes, now, src)) == 0 then return end
  redis.call('HINCRBY', waitingPushesKey(), 'bytes', bytes)
end

local function uncountPush(id)
  local bytes = string.match(redis.call('HGET', waitingPushesKey(), id) or '', '^%d+')
  if not bytes then return end
  redis.call('HDEL', waitingPushesKey(), id)
  redis.call('HINCRBY', waitingPushesKey(), 'bytes', -bytes)
end

-- The number of pulled events that wait to start. Pushed events have a bound of their own, and must not keep pulled
-- ones out. Parked and held events do not count here.
local function waitingPulled()
  local all, _, held = waitingPushes()
  local pushes = math.max(0, all - held - redis.call('ZCARD', queueKey('failed')))
  return math.max(0, redis.call('LLEN', queueKey('wait')) - pushes)
end

-- The pace at which handlers end, over all replicas, is counted in buckets of five seconds.
local PACE_MS, PACE_KEPT_MS = 5000, 15000

local function countHandled(count)
  local key = paceKey(math.floor(now / PACE_MS))
  if redis.call('INCRBY', key, count) == count then redis.call('PEXPIRE', key, PACE_KEPT_MS) end
end

local function handledPerMs()
  local bucket = math.floor(now / PACE_MS)
  local count = (redis.call('GET', paceKey(bucket)) or 0) + (redis.call('GET', paceKey(bucket - 1)) or 0)
  return count / (now - (bucket - 1) * PACE_MS)
end

-- Pulls under way. The ledger does not know yet which events they took. Each is "name expected source", scored by its
-- start.
local PULL_LIVES_MS, LOST_KEPT_MS = 30000, 86400000

local function expectedOf(pull) return string.match(pull, '^%S+ (%d+) ') end
local function sourceOf(pull) return string.match(pull, '^%S+ %d+ (.*)$') end

-- Without a usable answer, the events of the pull are unknown. They are hidden at the vendor until the window ends.
local function endPull(pull, isLost)
  if redis.call('ZREM', pullsKey(), pull) == 1 and isLost then
    redis.call('SET', lostKey(sourceOf(pull)), string.format('%.0f', now), 'PX', LOST_KEPT_MS)
  end
end

-- The pull's process died, or its answer will not be trusted any more.
local function endAgedPulls()
  for _, pull in ipairs(redis.call('ZRANGEBYSCORE', pullsKey(), '-inf', now - PULL_LIVES_MS)) do endPull(pull, true) end
end
