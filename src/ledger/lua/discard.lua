#!lua flags=allow-oom
-- An operator gives an event up: its job goes and its record is handled, or nothing happens. It works on a Redis that is
-- full, since it frees memory: the flag says so from Redis 7 on; an older one only looks at the first write of a script.
-- ARGV: source, fingerprint, id, call, why, for the history ('' where none is kept)
-- Reply: 'given up', 'removed', 'handled' or 'none', then receipt, openUntil - now, closedFrom - now
local src, fp, id, call = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local r = record(fp)
local why = ARGV[5]
local state = r.id == id and r.state or ''
local function reply(outcome)
  return { outcome, giveOut(src, r, outcome == 'handled'), r.openUntil - now, r.closedFrom - now }
end

-- A pushed one, or a parked one whose record is gone, is over with its job.
local function endJob(job)
  local life = job[3] or newLife(job[1], job[2])
  local firstSeen = tonumber(job[4])
  endLife(src, id, firstSeen, lifeWith(life, 'o', string.format('%.0f discarded %s', now - firstSeen, why)), 'given up')
end

local job = why ~= '' and redis.call('HMGET', jobKey(id), 'name', 'data', 'life', 'timestamp')
if not removeJob(id) then
  -- Sent twice, since the first answer was lost: it is given up.
  if state == 'handled' then return reply('handled') end
  return { 'none', '', 0, 0 }
end
uncountPush(id)
dropSteps(id)
redis.call('ZREM', forgottenKey(src), id)
endPush(src, fp, id, 'given up')
if state ~= 'pending' then
  if job and job[1] and job[2] and state == '' then endJob(job) end
  return { 'removed', '', 0, 0 }
end
if r.life and why ~= '' then r.life = lifeWith(r.life, 'o', string.format('%.0f discarded %s', now - r.firstSeen, why)) end
setHandled(src, r, r.closedFrom, call, 'given up')
return reply('given up')
