#!lua flags=allow-oom
-- An operator gives an event up. Either its job is removed and its record is handled, or nothing happens. The script
-- works on a full Redis, since it frees memory. The flag says so from Redis 7 on; an older Redis looks only at a
-- script's first write.
-- ARGV: source, fingerprint, id, call, why, for the history ('' where none is kept)
-- Reply: 'given up', 'removed', 'handled' or 'none', then receipt, openUntil - now, closedFrom - now
local src, fp, id, call = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local r = record(fp)
local why = ARGV[5]
local state = r.id == id and r.state or ''
local function reply(outcome)
  return { outcome, giveOut(src, r, outcome == 'handled'), r.openUntil - now, r.closedFrom - now }
end

-- A pushed event, or a parked one without a record, ends with its job.
local function endJob(job)
  local firstSeen = tonumber(job[4])
  local life = withEntry(job[3] or newLife(id, job[1], job[2]), 'o', now - firstSeen, 'discarded ' .. why)
  endLife(src, firstSeen, life, 'given up')
end

local job = why ~= '' and redis.call('HMGET', jobKey(id), 'name', 'data', 'life', 'timestamp')
if not removeJob(id) then
  -- The command came twice because the first answer was lost: the event is already given up.
  if state == 'handled' then return reply('handled') end
  return { 'none', '', 0, 0 }
end
uncountPush(id)
dropSteps(id)
redis.call('ZREM', forgottenKey(src), id)
endPush(src, fp, id, 'given up')
if state ~= 'pending' then
  if job and job[1] and job[2] and state == '' and not redis.call('ZSCORE', confirmedKey(), fp) then endJob(job) end
  return { 'removed', '', 0, 0 }
end
if why ~= '' then noteLife(src, r, 'o', 'discarded ' .. why) end
setHandled(src, r, r.closedFrom, call, 'given up')
return reply('given up')
