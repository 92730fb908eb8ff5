#!lua flags=allow-oom
-- Stores that handlers succeeded, or that events were given up. From now on their receipts may be confirmed.
-- ARGV: call, this replica ('' where no history is kept), then per event: source, fingerprint, id, '1' if its handler
-- ran, for how long its run has been under way, its data for the page as JSON or '', what a life needs of a pushed event
-- Reply per event: 1 if stored, -1 if its record was lost, else 0; receipt, openUntil - now, closedFrom - now
local call, replica = tonumber(ARGV[1]), ARGV[2]
local FIRST, WIDTH = 3, 7
local reply = {}

-- One query for all events instead of one for each.
local ids, jobs = {}, {}

-- A pushed event is over now: its vendor was answered when we accepted it.
local function endPushed(src, id, pushed, ran, ranForMs, reason)
  local firstSeen, life = readPushed(id, pushed)
  life = redis.call('HGET', jobKey(id), 'life') or life
  if ran == '1' then life = withAttempt(life, attemptOf(firstSeen, ranForMs, replica), '') end
  endLife(src, firstSeen, life, reason)
end

for i = FIRST, #ARGV, WIDTH do
  local r = record(ARGV[i + 1])
  if r.receiptHash then want(ARGV[i], r.receiptHash) end
  ids[#ids + 1], jobs[#jobs + 1] = ARGV[i + 2], jobKey(ARGV[i + 2])
end
local haveJobs = redis.call('EXISTS', unpack(jobs)) == #jobs
local counted = redis.call('HMGET', waitingPushesKey(), unpack(ids))

for i = FIRST, #ARGV, WIDTH do
  local src, fp, id, ran, ranForMs = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], tonumber(ARGV[i + 4])
  local r = record(fp)
  local reason = ran == '1' and 'succeeded' or 'given up'
  -- A pushed event that was pulled too is known by its record.
  if r.id ~= id then endPush(src, fp, id, reason) end
  -- A parked event that is given up keeps its place, because its job stays.
  if counted[#reply + 1] and (ran == '1' or not redis.call('ZSCORE', queueKey('failed'), id)) then uncountPush(id) end
  local hasJob = haveJobs or redis.call('EXISTS', jobKey(id)) == 1
  local isFirst = hasJob and (ran ~= '1' or redis.call('HSET', jobKey(id), 'handlerSucceeded', '1') == 1)
  if ARGV[i + 5] ~= '' then
    local left = cjson.decode(ARGV[i + 5])
    if ran == '1' and left.hasSteps then dropSteps(id) end
    if hasJob then leaveOnPage(id, left) end
  end
  if not r.state or r.id ~= id then
    if ARGV[i + 6] ~= '' and isFirst then endPushed(src, id, ARGV[i + 6], ran, ranForMs, reason) end
    reply[#reply + 1] = { isLost(r, id, hasJob, ranForMs) and -1 or 0, '', 0, 0 }
  else
    local isGiven = r.state == 'handled'
    if not isGiven then
      local isNoted = replica ~= ''
      if isNoted and ran ~= '1' then noteLife(src, r, 'o', reason) end
      setHandled(src, r, r.closedFrom, call, reason,
        isNoted and ran == '1' and attemptOf(r.firstSeen, ranForMs, replica) or nil)
    end
    reply[#reply + 1] = { 1, giveOut(src, r, isGiven), r.openUntil - now, r.closedFrom - now }
  end
end
countHandled((#ARGV - FIRST + 1) / WIDTH)
return reply
