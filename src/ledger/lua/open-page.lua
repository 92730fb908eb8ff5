-- A page of the open events. Bodies are not read: an event's other data is stored before its body (src/queue/jobs.ts).
-- A page ends early when much was read for it.
-- ARGV: 'parked', 'unconfirmed' (those that are not parked), 'named' or 'brief', source, score and member of the last
-- event before the page ('' at the beginning), how many to look at, how many words, the words in lower case, for
-- 'named' and 'brief' the ids
-- Reply: score and member of the last event that was looked at ('' at the end), then per event that has all words: id,
-- fingerprint, state of its record, first seen, type, reason, attempts, added at, data without the body, ended at,
-- worker, the queue's list that it is in ('' while it waits, 'parked' if it failed, 'held' by a limit), its life
-- (without entries unless 'named'), what holds it as JSON, the event in whose batch it runs
local list, src, score, member, count = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local most, bytes, words, page = 1048576, 0, {}, { '', '' }
for i = 1, tonumber(ARGV[6]) do words[i] = ARGV[6 + i] end

local function has(text)
  text = string.lower(text)
  for _, word in ipairs(words) do
    if not string.find(text, word, 1, true) then return false end
  end
  return true
end

local function recordOf(fp)
  local f = redis.call('HMGET', eventKey(fp), 'state', 'id', 'firstSeen')
  return { fp = fp, state = f[1], id = f[2], firstSeen = f[3] }
end

local function listOf(id, delayed)
  if redis.call('ZSCORE', queueKey('failed'), id) then return 'parked' end
  if delayed then return 'delayed' end
  if redis.call('EXISTS', jobKey(id) .. ':lock') == 1 then return 'active' end
  return redis.call('ZSCORE', queueKey('completed'), id) and 'completed' or ''
end

-- The error of an event, if an attempt may have failed. The entry of that attempt may be cut out of a long life.
local function errorIn(life)
  if #life < LIFE_BYTES and not string.find(life, ';a', 1, true) then return '' end
  return redis.call('HGET', jobKey(string.match(life, '^[^\t]*')), 'failedReason') or ''
end

-- Finds which of these may contain all words, without their records and jobs. Most events lack a word, so many are
-- checked at a time.
local BUNCH = 64
local function likely(fps)
  local found = {}
  for from = 1, #fps, BUNCH do
    local texts = { src }
    for i = from, math.min(#fps, from + BUNCH - 1) do
      local life = lives[fps[i]]
      if life then
        texts[#texts + 1] = life
        texts[#texts + 1] = errorIn(life)
      end
    end
    local maySome = has(table.concat(texts, '\n'))
    for i = from, math.min(#fps, from + BUNCH - 1) do
      local life = lives[fps[i]]
      found[fps[i]] = not life or maySome and has(src .. '\n' .. life .. '\n' .. errorIn(life))
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
  bytes = bytes + #data
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
  page[#page + 1] = { id, r.fp, isOurs and r.state or '', isOurs and r.firstSeen or '', job[1] or '', job[2] or '', job[3] or '0',
    job[4] or '0', about, job[6] or '', job[7] or '', inList, life,
    held or '', job[9] or '' }
end

if list == 'named' or list == 'brief' then
  for i = 7 + #words, #ARGV do look(ARGV[i]) end
  return page
end

local key = list == 'parked' and queueKey('failed') or unconfirmedKey(src)
local from = 0
if member ~= '' then
  local rank = redis.call('ZRANK', key, member)
  from = rank and rank + 1 or redis.call('ZCOUNT', key, '-inf', '(' .. score)
end
local members = redis.call('ZRANGE', key, from, from + count - 1, 'WITHSCORES')
local judged
if list == 'unconfirmed' and #members > 0 then
  local fps = {}
  for i = 1, #members, 2 do
    fps[#fps + 1] = members[i]
    wantLife(src, members[i])
  end
  readLives(src)
  judged = #words > 0 and likely(fps)
end
for i = 1, #members, 2 do
  if list == 'parked' then
    look(members[i])
  elseif not judged or judged[members[i]] then
    local r = recordOf(members[i])
    if r.id then look(r.id, r) end
  end
  if bytes > most then
    page[1], page[2] = members[i + 1], members[i]
    return page
  end
end
if #members == 2 * count then page[1], page[2] = members[#members], members[#members - 1] end
return page
