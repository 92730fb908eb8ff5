-- A page of the open events. Bodies are not read: an event's other data is stored before its body (src/queue/jobs.ts).
-- A page ends early when much was read for it.
-- ARGV: 'parked', 'unconfirmed' (those that are not parked), 'named' or 'brief', source, score and member of the last
-- event before the page ('' at the beginning), how many to look at, how many words, the words in lower case, for
-- 'named' and 'brief' the ids, for 'unconfirmed' the fingerprints
-- Reply: score and member of the last event that was looked at ('' at the end), for 'unconfirmed' how many were looked
-- at and '', then per event that has all words: id, fingerprint, state of its record, first seen, type, reason,
-- attempts, added at, data without the body, ended at, worker, the queue's list that it is in ('' while it waits,
-- 'parked' if it failed, 'held' by a limit), its life (without entries unless 'named'), what holds it as JSON, the event
-- in whose batch it runs
local list, src, score, member, count = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local most, bytes, words, page = 1048576, 0, {}, { '', '' }
local MOST_LOOKED, looked = 500, 0
for i = 1, tonumber(ARGV[6]) do words[i] = ARGV[6 + i] end

local function has(text)
  text = string.lower(text)
  for _, word in ipairs(words) do
    if not string.find(text, word, 1, true) then return false end
  end
  return true
end

local function recordOf(fp)
  local f = redis.call('HMGET', eventKey(fp), 'state', 'id', 'firstSeen', 'attempt')
  return { fp = fp, state = f[1], id = f[2], firstSeen = f[3], attempt = f[4] }
end

local function listOf(id, delayed)
  if redis.call('ZSCORE', queueKey('failed'), id) then return 'parked' end
  if delayed then return 'delayed' end
  if redis.call('EXISTS', jobKey(id) .. ':lock') == 1 then return 'active' end
  return redis.call('ZSCORE', queueKey('completed'), id) and 'completed' or ''
end

-- The life of an event, and its error, if an attempt may have failed. The entry of that attempt may be cut out of a long
-- life. Nil if it has no life.
local function textOfOpen(fp)
  local life = lives[fp]
  if not life or #life < LIFE_BYTES and not string.find(life, ';a', 1, true) then return life end
  return life .. '\n' .. (redis.call('HGET', jobKey(string.match(life, '^[^\t]*')), 'failedReason') or '')
end

-- Source, id, type, subjects and error of a parked event. Nil if no history was kept when its attempt failed.
local function textOfParked(id)
  local about, reason = unpack(redis.call('HMGET', jobKey(id), 'about', 'failedReason'))
  return about and about .. '\n' .. (reason or '')
end

-- Finds which of these may contain all words, without their bodies. Most events lack a word, so many are checked at a
-- time.
local BUNCH = 64
local function likely(members, textIn)
  local found = {}
  for from = 1, #members, BUNCH do
    local to, texts, some = math.min(#members, from + BUNCH - 1), { src }, {}
    for i = from, to do
      some[i] = textIn(members[i])
      texts[#texts + 1] = some[i] or nil
    end
    local maySome = has(table.concat(texts, '\n'))
    for i = from, to do
      found[members[i]] = not some[i] or maySome and has(src .. '\n' .. some[i])
    end
  end
  return found
end

-- Without a record, the job holds the fingerprint.
local function look(id, r)
  local job = redis.call('HMGET', jobKey(id), 'name', 'failedReason', 'atm', 'timestamp', 'data', 'finishedOn', 'pb', 'life', 'carrier')
  local data = job[5] or ''
  local body = string.find(data, ',"body":', 1, true)
  local about = body and string.sub(data, 1, body - 1) .. '}' or ''
  bytes, looked = bytes + #data, looked + 1
  if not job[5] and not r then return end
  local own = r and lifeOf(src, r.fp, id)
  if not has(id .. '\n' .. src .. '\n' .. about .. '\n' .. (job[2] or '') .. '\n' .. (own or '')) then return end
  r = r or recordOf(string.match(about, '"fingerprint":"([%w_-]+)"') or '')
  local delayed = list ~= 'parked' and redis.call('ZSCORE', queueKey('delayed'), id)
  local inList, held = list == 'parked' and list or listOf(id, delayed), nil
  if inList == 'delayed' and job[9] then inList = 'active'
  elseif inList == 'delayed' then
    held = heldText(id)
    inList = held and 'held' or inList
  end
  if list == 'unconfirmed' and inList == 'parked' then return end
  local isOurs = r.state and r.id == id
  own = own or isOurs and lifeOf(src ~= '' and src or string.match(about, '"source":"([^"]*)"') or '', r.fp, id)
  local life = own or job[8] or ''
  if list ~= 'named' then life = string.match(life, '^[^\t]*\t[^\t]*\t[^\t]*\t%d+ %d+') or '' end
  if life ~= '' and isOurs then life = withSuccess(life, r.attempt) end
  page[#page + 1] = { id, r.fp, isOurs and r.state or '', isOurs and r.firstSeen or '', job[1] or '', job[2] or '', job[3] or '0',
    job[4] or '0', about, job[6] or '', job[7] or '', inList, life,
    held or '', job[9] or '' }
end

if list == 'named' or list == 'brief' then
  for i = 7 + #words, #ARGV do look(ARGV[i]) end
  return page
end

if list == 'unconfirmed' then
  local fps = { unpack(ARGV, 7 + #words) }
  for _, fp in ipairs(fps) do wantLife(src, fp) end
  readLives(src)
  local judged = #words > 0 and likely(fps, textOfOpen)
  for i, fp in ipairs(fps) do
    local r = (not judged or judged[fp]) and recordOf(fp)
    if r and r.id then look(r.id, r) end
    page[1] = tostring(i)
    if bytes > most then break end
  end
  return page
end

local key = queueKey('failed')
local from = 0
if member ~= '' then
  local rank = redis.call('ZRANK', key, member)
  from = rank and rank + 1 or redis.call('ZCOUNT', key, '-inf', '(' .. score)
end
local members = redis.call('ZRANGE', key, from, from + count - 1)
local judged = #words > 0 and likely(members, textOfParked)
for i, one in ipairs(members) do
  if not judged or judged[one] then look(one) end
  if bytes > most or looked == MOST_LOOKED or i == count then
    page[1], page[2] = redis.call('ZSCORE', key, one), one
    return page
  end
end
return page
