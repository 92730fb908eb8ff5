#!lua flags=allow-oom
-- Drops references to records that are gone (expired, or deleted by hand), one page at a time. Ends the records of
-- events that their vendor has forgotten. After a failover the note of a success may be lost, and the end of its job
-- kept. If the event was confirmed, no delivery mends its record, so that is done here.
-- ARGV: src, 'unconfirmed', 'receipts' or 'forgotten', cursor, age from which the vendor has forgotten an event, grace,
-- how long an event may stay away that the vendor still has
-- Reply: the next cursor, how many handled events were ended, how many pending events were forgotten.
local src, what, cursor, forgotten, grace = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local away = tonumber(ARGV[6])

local function hasJob(id)
  return redis.call('EXISTS', jobKey(id)) == 1 and not redis.call('ZSCORE', queueKey('completed'), id)
end

local function drop(r, reason)
  changed(src, r.fp, r.id, r.state, '', reason)
  redis.call('DEL', r.key)
  gather('ZREM', unconfirmedKey(src), r.fp)
  dropLife(src, r.fp)
  release(src, r.receiptHash, r.fp)
end

-- The job stays for the operator. If the vendor now delivers this body, it is another event.
local function forget(r, firstSeen)
  drop(r, 'forgotten')
  if hasJob(r.id) then redis.call('ZADD', forgottenKey(src), firstSeen, r.id) end
end

-- The job has ended. If the vendor still has the event, its return confirms it, as `accept` does. A job that is gone
-- tells nothing: then a return is a new event, which runs.
local function mend(r)
  if redis.call('ZSCORE', queueKey('completed'), r.id) then setHandled(src, r, r.closedFrom, 0, 'succeeded')
  elseif redis.call('EXISTS', jobKey(r.id), jobKey(r.id) .. ':lock') == 0 then drop(r, 'gone') end
end

if what == 'forgotten' then
  local page = redis.call('ZSCAN', forgottenKey(src), cursor, 'COUNT', 200)
  for i = 1, #page[2], 2 do
    if not hasJob(page[2][i]) then gather('ZREM', forgottenKey(src), page[2][i]) end
  end
  return { page[1], 0, 0 }
end
if what == 'unconfirmed' then
  local ended, lost = 0, 0
  local page = redis.call('ZSCAN', unconfirmedKey(src), cursor, 'COUNT', 200)
  for i = 1, #page[2], 2 do
    local fp, firstSeen = page[2][i], tonumber(page[2][i + 1])
    if redis.call('EXISTS', eventKey(fp)) == 0 then
      gather('ZREM', unconfirmedKey(src), fp)
      dropLife(src, fp)
      gather('ZREM', handledKey(src), fp)
    elseif now - firstSeen > away then
      local r, isOld = record(fp), now - firstSeen > forgotten
      if isOld and r.state == 'handled' then
        setConfirmed(src, r, grace, 'forgotten')
        ended = ended + 1
      elseif r.state == 'pending' and now > r.closedFrom + away then
        if isOld then
          forget(r, firstSeen)
          lost = lost + 1
        else mend(r) end
      end
    end
  end
  return { page[1], ended, lost }
end
local page = redis.call('HSCAN', receiptsKey(src), cursor, 'COUNT', 200)
for i = 1, #page[2], 2 do
  local hash = page[2][i]
  for _, fp in ipairs(carriers(src, hash)) do
    if redis.call('HGET', eventKey(fp), 'receiptHash') ~= hash then release(src, hash, fp) end
  end
end
return { page[1], 0, 0 }
