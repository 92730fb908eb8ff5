-- Joined before every script of a source: what BullMQ 6.7.0 does to jobs. It is repeated here for scripts that do more
-- in one step, and for actions that BullMQ does not offer. test/ledger/bullmq.redis.test.ts compares the two.

-- Wakes a worker, which wakes the next one when it takes a job.
local function wakeWorker()
  local paused, concurrency = unpack(redis.call('HMGET', queueKey('meta'), 'paused', 'concurrency'))
  local isMaxed = concurrency and redis.call('LLEN', queueKey('active')) >= tonumber(concurrency)
  if not paused and not isMaxed then redis.call('ZADD', queueKey('marker'), 0, '0') end
end

-- A limit holds a job by a delay of ten years, so the job exists and does not start. No other delay reaches a year.
local HELD_MS, NEVER_DELAYED_MS = 315360000000, 31536000000

-- The job must not run before then.
local function delayJob(id, delay)
  redis.call('ZADD', queueKey('delayed'), string.format('%.0f', (now + delay) * 0x1000), id)
  local first = redis.call('ZRANGE', queueKey('delayed'), 0, 0, 'WITHSCORES')
  if first[2] then redis.call('ZADD', queueKey('marker'), string.format('%.0f', tonumber(first[2]) / 0x1000), '1') end
end

-- Jobs between two attempts, without those that a limit holds.
local function delayedJobs()
  return redis.call('ZCOUNT', queueKey('delayed'), '-inf', string.format('%.0f', (now + NEVER_DELAYED_MS) * 0x1000))
end

local function optsOf(id, attempts)
  if string.find(id, '[^%w_-]') then return cjson.encode({ attempts = attempts, jobId = id }) end
  return '{"jobId":"' .. id .. '","attempts":' .. attempts .. '}'
end

-- Does the same as `addStandardJob` for each job. Values that are equal for all are read and written once. The events
-- `added` and `waiting` are not emitted, since only `QueueEvents` reads them. The ids of the jobs must be free.
-- jobs: { id, name, data, delay (ms; nil for none), opts (JSON; nil for the usual) }
local function addJobs(jobs, attempts, timestamp)
  if #jobs == 0 then return end
  redis.call('INCRBY', queueKey('id'), #jobs)
  local ids = {}
  for _, job in ipairs(jobs) do
    local delay = job.delay or 0
    redis.call('HSET', jobKey(job.id), 'name', job.name, 'data', job.data,
      'opts', job.opts or optsOf(job.id, attempts), 'timestamp', timestamp,
      'delay', delay == 0 and '0' or string.format('%.0f', delay), 'priority', '0')
    if delay == 0 then ids[#ids + 1] = job.id else delayJob(job.id, delay) end
  end
  if #ids == 0 then return end
  redis.call('LPUSH', queueKey('wait'), unpack(ids))
  wakeWorker()
end

-- Moves a delayed job to the front of the waiting ones, or to another time.
local function promoteJob(id, delay)
  redis.call('ZREM', queueKey('delayed'), id)
  redis.call('HSET', jobKey(id), 'delay', string.format('%.0f', delay))
  if delay > 0 then return delayJob(id, delay) end
  redis.call('RPUSH', queueKey('wait'), id)
  wakeWorker()
end

-- Ends the attempt of a delayed job as BullMQ ends that of an active one. A job that was started meanwhile is left
-- alone.
-- how: 'handled', 'parked', 'retry' or 'later' (without using the attempt)
local function endDelayedJob(id, how, delay, reason, stacks)
  local key = jobKey(id)
  if redis.call('ZREM', queueKey('delayed'), id) == 0 then return end
  if how ~= 'later' then redis.call('HINCRBY', key, 'atm', 1) end
  if how == 'parked' or how == 'retry' then redis.call('HSET', key, 'failedReason', reason, 'stacktrace', stacks) end
  if how == 'retry' or how == 'later' then
    redis.call('HSET', key, 'delay', string.format('%.0f', delay))
    return delayJob(id, delay)
  end
  redis.call('ZADD', queueKey(how == 'handled' and 'completed' or 'failed'), now, id)
  redis.call('HSET', key, 'finishedOn', now, 'delay', 0)
  -- BullMQ trims the completed jobs when it completes the next one.
  if how == 'handled' then redis.call('HSET', key, 'returnvalue', '"handled"') end
end

-- Returns the list it was removed from. Nil if it does not exist, runs (in a batch it has no lock of its own), or is
-- finished.
local function takeOut(id)
  local key = jobKey(id)
  if redis.call('EXISTS', key .. ':lock') == 1 or redis.call('HEXISTS', key, 'carrier') == 1 then return nil end
  for _, set in ipairs({ 'failed', 'delayed', 'prioritized' }) do
    if redis.call('ZREM', queueKey(set), id) == 1 then return set end
  end
  if redis.call('LREM', queueKey('wait'), 1, id) == 1 then return 'wait' end
  if redis.call('LREM', queueKey('paused'), 1, id) == 1 then return 'paused' end
  return nil
end

-- Does what BullMQ does to remove a job without parent, children, schedule or deduplication.
local function removeJob(id)
  local from = takeOut(id)
  if not from then return false end
  local key = jobKey(id)
  redis.call('DEL', key, key .. ':logs', key .. ':dependencies', key .. ':processed', key .. ':failed', key .. ':unsuccessful')
  local most = redis.call('HGET', queueKey('meta'), 'opts.maxLenEvents') or 10000
  redis.call('XADD', queueKey('events'), 'MAXLEN', '~', most, '*', 'event', 'removed', 'jobId', id, 'prev', from)
  return true
end

-- Adds what bull-board shows of a job, if the job exists: the last log lines up to a number of bytes, as BullMQ adds
-- them, and the progress.
local PAGE_LINES, PAGE_BYTES = 50, 4096

local function leaveOnPage(id, left)
  local key = jobKey(id)
  if left.progress then redis.call('HSET', key, 'progress', left.progress) end
  if not left.lines then return end
  redis.call('RPUSH', key .. ':logs', unpack(left.lines))
  local lines = redis.call('LRANGE', key .. ':logs', -PAGE_LINES, -1)
  local kept, bytes = 0, 0
  while kept < #lines and bytes + #lines[#lines - kept] <= PAGE_BYTES do
    bytes = bytes + #lines[#lines - kept]
    kept = kept + 1
  end
  redis.call('LTRIM', key .. ':logs', -math.max(1, kept), -1)
end
