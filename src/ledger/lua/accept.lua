-- ARGV: src, sent, window, grace, call, how long a record lives, most events that may wait, memory of pushes (0: no
-- pushed twin), attempts and time of new jobs, most events that may wait for the limits of one handler, this replica
-- ('' where no history is kept), then per delivery: fingerprint, receipt, hash of the receipt, id, name and data of its
-- job, limits of its handler ('' for none), order key, the life that begins with it, without the id
-- Reply: how many handled events wait for their confirmation, '1' if this vendor does not fill its answers, then per
-- delivery: verdict, id (if skipped: the reason), receipt, openUntil - now, closedFrom - now
local src, sent, window, grace = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local call, keep, most, memory = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local waiting, isDelayed = waitingPulled(), delayedJobs() >= most
local openUntil, closedFrom = sent + window, now + window
local verdicts, jobs, batched = {}, {}, {}
local mostHeld, replica = tonumber(ARGV[11]), ARGV[12]
local FIRST, WIDTH = 13, 9

-- Adds a verdict, or a handled record in its place. Whether its receipt may be given back is known only after all
-- events are accepted.
local function say(verdict, id)
  verdicts[#verdicts + 1] = { verdict, id or '' }
end

local keys, fps = {}, {}
for i = FIRST, #ARGV, WIDTH do
  want(src, ARGV[i + 2])
  keys[#keys + 1] = jobKey(ARGV[i + 3])
  fps[#fps + 1] = ARGV[i]
  wantLife(src, ARGV[i])
end
recordsOf(fps)

local confirmedAt = {}
if #fps > 0 then
  for i, at in ipairs(redis.call('ZMSCORE', confirmedKey(), unpack(fps))) do confirmedAt[fps[i]] = tonumber(at) end
end
local areFree = #keys > 0 and redis.call('EXISTS', unpack(keys)) == 0

-- Events with the same receipt are accepted together, since giving the receipt back ends all of them.
local function isAlone(fp, hash)
  for i = FIRST, #ARGV, WIDTH do
    if ARGV[i + 2] == hash and ARGV[i] ~= fp then return false end
  end
  return true
end

local function add(id, d)
  local job = { id = id, name = d.name, data = d.data }
  if d.limits ~= '' then
    local g = gateOf(d.limits)
    job.delay = takeIn(g, id, d.key, false) or HELD_MS
    if g.size > 0 then batched[g.name] = g end
  end
  jobs[#jobs + 1] = job
  jobs[id] = true
  say('add', id)
end

local function sayOf(id, d)
  if jobs[id] then return say('renew', id) end
  if redis.call('ZSCORE', queueKey('failed'), id) then return say('park', id) end
  if redis.call('EXISTS', jobKey(id)) == 1 then return say('renew', id) end
  add(id, d)
end

-- A visible event was missing from a short answer: this vendor does not fill its answers. An empty answer may be wrong
-- too, but that shows at once. An event that a lost pull took is hidden, so it proves nothing.
local isUnfilled = false
local function noteReturn(r)
  if r.absent ~= 'short' or sent <= r.absentFrom then return end
  local lost = tonumber(redis.call('GET', lostKey(src)) or 0)
  if lost + window + grace >= r.absentFrom then return end
  redis.call('SET', unfilledKey(src), '1', 'PX', LOST_KEPT_MS)
  isUnfilled = true
end

-- A job completes only after its event was marked. After a failover the mark may be lost and the end of the job kept.
-- Then nothing would run or confirm the event.
local function isDone(id)
  return redis.call('ZSCORE', queueKey('completed'), id)
end

local function renew(r, d)
  if r.receiptHash ~= d.hash then
    release(src, r.receiptHash, r.fp)
    carry(src, d.hash, r.fp)
  end
  local life = replica ~= '' and lifeToWrite(src, r)
  if life then setLife(src, r.fp, withDelivery(life, r.firstSeen, d.born, replica)) end
  -- Write first what a full Redis accepts, so that the other writes pass too: a renewal needs no room.
  redis.call('PEXPIRE', r.key, keep)
  write(r, 'receipt', d.receipt, 'receiptHash', d.hash, 'openUntil', openUntil, 'closedFrom', closedFrom,
    'absent', '0', 'extending', '0', 'givenTwice', '0')
  if r.state == 'handled' then
    write(r, 'returnsFrom', closedFrom + call)
    gather('ZADD', handledKey(src), r.fp, closedFrom)
    return say(r)
  end
  if isDone(r.id) then
    setHandled(src, r, closedFrom, call, 'succeeded')
    return say(r)
  end
  write(r, 'returnsFrom', openUntil)
  sayOf(r.id, d)
end

local function setPending(r, id, d)
  changed(src, r.fp, id, confirmedAt[r.fp] and 'confirmed' or '', 'pending', 'pulled')
  r.firstSeen = now
  -- Write first what a full Redis refuses. After any other write Redis would let the whole script pass.
  write(r, 'state', 'pending', 'id', id, 'receipt', d.receipt, 'receiptHash', d.hash,
    'openUntil', openUntil, 'closedFrom', closedFrom, 'returnsFrom', openUntil, 'firstSeen', now, 'absent', '0')
  redis.call('PEXPIRE', r.key, keep)
  gather('ZADD', unconfirmedKey(src), r.fp, now)
  if replica ~= '' then setLife(src, r.fp, id .. '\t' .. d.born) end
  carry(src, d.hash, r.fp)
end

-- The event was also pushed a moment ago, and it is the same event. Its job exists, is done, or is being added. If need
-- be it is added here, since both doors add the same job. This holds only once: the next delivery is a repeat.
local function pair(r, d, id, state)
  movePush(src, r.fp, id, state, 'paired', 'pulled')
  setPending(r, id, d)
  if state ~= 'handled' and not isDone(id) then return sayOf(id, d) end
  setHandled(src, r, closedFrom, call, 'pushed')
  say(r)
end

-- Why there is no room for a new event. Events that wait for a limit have a separate bound for each handler.
local function refusal(d)
  if d.limits ~= '' then
    local g = gateOf(d.limits)
    if heldAt(g) >= mostHeld then return 'limit' end
    if not startsAtOnce(g, d.key) then return nil end
  end
  return (waiting >= most or isDelayed) and 'no-room'
end

local function admit(r, d)
  if memory > 0 then
    local twin, state = pushOf(r.fp)
    if state and state ~= 'paired' then return pair(r, d, twin, state) end
  end
  local why = refusal(d)
  if why and isAlone(r.fp, d.hash) then return say('skip', why) end
  if d.limits == '' or startsAtOnce(gateOf(d.limits), d.key) then waiting = waiting + 1 end
  local free, n = d.id, 1
  while not areFree and redis.call('EXISTS', jobKey(free)) == 1 do
    n = n + 1
    free = d.id .. '-' .. n
  end
  if memory > 0 then
    redis.call('SET', pushKey(r.fp), free .. ':paired', 'PX', memory)
    changed(src, r.fp, free, '', 'paired', 'pulled')
  end
  setPending(r, free, d)
  add(free, d)
end

for i = FIRST, #ARGV, WIDTH do
  local d = { receipt = ARGV[i + 1], hash = ARGV[i + 2], id = ARGV[i + 3], name = ARGV[i + 4], data = ARGV[i + 5],
    limits = ARGV[i + 6], key = ARGV[i + 7], born = ARGV[i + 8] }
  local r = wholeRecord(ARGV[i])
  local unconfirmed = r.state == 'pending' or r.state == 'handled'
  local stale = now - sent > grace
  -- We may learn of a confirmation late. Only a pull that was sent after it can bring a handled event back.
  local from = r.state == 'handled' and sent or now
  if r.state == 'handled' then noteReturn(r) end
  if unconfirmed and (stale or from < r.returnsFrom) then
    if r.state == 'handled' then
      write(r, 'absent', '0')
      gather('ZADD', handledKey(src), r.fp, closedFrom)
    end
    say('skip', stale and 'stale' or 'twin')
  elseif unconfirmed then
    renew(r, d)
  elseif stale or sent <= (confirmedAt[r.fp] or -1) then
    say('skip', stale and 'stale' or 'twin')
  else
    admit(r, d)
  end
end

addJobs(jobs, tonumber(ARGV[9]), ARGV[10])
for _, g in pairs(batched) do give(g) end
writeGathered()

local reply, given = { redis.call('ZCARD', handledKey(src)), isUnfilled and '1' or '0' }, {}
for i, said in ipairs(verdicts) do
  local verdict, id, receipt = said[1], said[2], ''
  if type(verdict) == 'table' then
    id, receipt = verdict.id, giveOut(src, verdict, given[verdict.receiptHash])
    given[verdict.receiptHash] = true
    verdict = receipt == '' and 'renew' or 'confirm'
  end
  reply[i + 2] = { verdict, id, receipt, openUntil - now, closedFrom - now }
end
return reply
