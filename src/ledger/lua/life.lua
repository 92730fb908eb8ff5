-- Joined before every script of a source: the life of an event, and its line in the history once it is over. Without a
-- history no event has a life. src/desk/life.ts reads the lives.
--
-- A life: "ID\tTYPE\tSUBJECTS\tDELIVERIES ATTEMPTS", then its entries, each after a ';'. Times are counted in ms from
-- the first delivery:
--   dTIME RECEIPT REPLICA      a delivery; the receipt's last letters; the replica only if it is another than before
--   aTIME END REPLICA ERROR    an attempt; '=' for the replica of the first delivery; no error if it succeeded, '=' for
--                              the same error as before
--   ATIME END REPLICA          the attempt that succeeded, if the record held it; the counts leave it out; '=' for the
--                              last word of the entry before
--   cTIME ANSWER CALLS         a confirmation that was not accepted; if it had no answer, the number of calls
--   oTIME WORDS (by PERSON)    what a person, or a setting, decided
-- A life begins ready-made (src/ledger/life-words.ts). It has a key apart from the record, since a record whose fields
-- have at most 64 bytes needs a third of the memory, and since a script reads all the lives it needs at once.
-- A line of the history: ended at, why, source, first delivery, the life.
local LIFE_BYTES, LINE_BYTES, CHUNK_LINES = 1536, 400, 256
local lives, wantedLives = {}, {}

-- Registers a life that will be asked for.
local function wantLife(src, fp)
  local fps = tableOf(wantedLives, src)
  fps[#fps + 1] = fp
end

-- Called where no history is kept. Lives may be left from a time when one was.
local function noLives(src)
  if redis.call('EXISTS', livesKey(src)) == 1 then return end
  for _, fp in ipairs(wantedLives[src] or {}) do lives[fp] = false end
  wantedLives[src] = nil
end

local function readLives(src)
  local fps = wantedLives[src]
  for i, life in ipairs(redis.call('HMGET', livesKey(src), unpack(fps))) do
    if lives[fps[i]] == nil then lives[fps[i]] = life end
  end
  wantedLives[src] = nil
end

-- Nil if the event has none. An earlier event with the same body may have left one.
local function lifeOf(src, fp, id)
  if lives[fp] == nil then
    wantLife(src, fp)
    readLives(src)
  end
  local life = lives[fp]
  return life and string.sub(life, 1, #id + 1) == id .. '\t' and life or nil
end

local function setLife(src, fp, life)
  lives[fp] = life
  gather('HSET', livesKey(src), fp, life)
end

local function dropLife(src, fp)
  lives[fp] = false
  gather('HDEL', livesKey(src), fp)
end

-- Splits a life: id, type and subjects as one text; number of deliveries; number of attempts; entries.
local function partsOf(life)
  return string.match(life, '^([^\t]*\t[^\t]*\t[^\t]*)\t(%d+) (%d+)(.*)$')
end

-- Cuts the middle out of a long life. The counts show that something is missing.
local function lifeWith(about, deliveries, attempts, entries)
  while #entries > LIFE_BYTES do
    local from = string.find(entries, ';', math.floor(#entries / 2), true)
    local to = from and string.find(entries, ';', from + 1, true)
    if not to then break end
    entries = string.sub(entries, 1, from - 1) .. string.sub(entries, to)
  end
  return about .. '\t' .. deliveries .. ' ' .. attempts .. entries
end

local function withEntry(life, kind, at, text)
  local about, deliveries, attempts, entries = partsOf(life)
  return lifeWith(about, deliveries, attempts, entries .. ';' .. kind .. textOf(math.max(0, at)) .. ' ' .. text)
end

-- born: the life of an event that begins with this delivery.
local function withDelivery(life, firstSeen, born, replica)
  local about, deliveries, attempts, entries = partsOf(life)
  -- The anchor is needed: without it, a pattern that does not match is tried from every character.
  local before = string.match(entries, '^.*;d[^ ;]+ [^ ;]+ ([^ ;]+)')
  local receipt = string.match(born, '^.*;d0 ([^ ;]+) ')
  local by = replica ~= before and ' ' .. replica or ''
  return lifeWith(about, deliveries + 1, attempts, entries .. ';d' .. textOf(now - firstSeen) .. ' ' .. receipt .. by)
end

-- An attempt that ends now: start, end and replica.
local function attemptOf(firstSeen, ranForMs, replica)
  local ended = math.max(0, now - firstSeen)
  return textOf(math.max(0, ended - ranForMs)) .. ' ' .. textOf(ended) .. ' ' .. replica
end

-- err: '' if the handler succeeded.
local function withAttempt(life, attempt, err)
  local about, deliveries, attempts, entries = partsOf(life)
  local times, replica = string.match(attempt, '^(%d+ %d+) (.*)$')
  -- The first entry is never cut out.
  local by = string.match(entries, '^;d[^ ;]+ [^ ;]+ ([^ ;]+)') == replica and '=' or replica
  if err ~= '' then
    local before = string.match(entries, '^.*;a[^ ;]+ [^ ;]+ [^ ;]+ ([^;]+)')
    by = by .. ' ' .. (err == before and '=' or err)
  end
  return lifeWith(about, deliveries, attempts + 1, entries .. ';a' .. times .. ' ' .. by)
end

-- A success is short, and most events are over soon after it. So the record holds it, and the life is not written for it.
-- attempt: nil or '' if the record holds none.
local function withSuccess(life, attempt)
  if not attempt or attempt == '' then return life end
  local times, replica = string.match(attempt, '^(%d+ %d+)( .*)$')
  return life .. ';A' .. times .. (string.sub(life, -#replica) == replica and ' =' or replica)
end

-- The life of an event with a record, to add an entry to. Nil if it has none.
local function lifeToWrite(src, r)
  local life = lifeOf(src, r.fp, r.id)
  if not life or not r.attempt or r.attempt == '' then return life end
  life = withAttempt(life, r.attempt, '')
  r.attempt = ''
  redis.call('HSET', r.key, 'attempt', '')
  return life
end

local function noteLife(src, r, kind, text)
  local life = lifeToWrite(src, r)
  if life then setLife(src, r.fp, withEntry(life, kind, now - r.firstSeen, text)) end
end

-- The life of an event without a record. Its subjects are stored before the body in the job's data.
local function newLife(id, name, data)
  local body = string.find(data, ',"body":', 1, true)
  local subjects = body and string.match(string.sub(data, 1, body - 1), ',"subjects":%[(.*)%]$') or ''
  return id .. '\t' .. string.gsub(name, '[%c;]', ' ') .. '\t' .. subjects .. '\t0 0'
end

-- The first delivery of a pushed event, and its life. pushed: "FIRST DELIVERY\tTYPE\tSUBJECTS"
local function readPushed(id, pushed)
  local firstSeen, about = string.match(pushed, '^(%d+)\t(.*)$')
  return tonumber(firstSeen), id .. '\t' .. about .. '\t0 0'
end

local past = {}

local function endLife(src, firstSeen, life, reason)
  if #life > LINE_BYTES then
    local about, deliveries, attempts, entries = partsOf(life)
    if #entries > LINE_BYTES then
      local first = string.match(entries, '^;[^;]*')
      local rest = string.sub(entries, #first - LINE_BYTES)
      life = lifeWith(about, deliveries, attempts, first .. (string.match(rest, ';.*$') or ''))
    end
  end
  past[#past + 1] = textOf(now) .. '\t' .. reason .. '\t' .. src .. '\t' .. textOf(firstSeen) .. '\t' .. life
end

local function writePast()
  if #past == 0 then return end
  local count = redis.call('HINCRBY', historyKey(), 'count', #past) - #past
  local from = 1
  while from <= #past do
    local key = pastKey(math.floor(count / CHUNK_LINES))
    local to = math.min(#past, from + CHUNK_LINES - count % CHUNK_LINES - 1)
    redis.call('RPUSH', key, table.concat(past, '\n', from, to))
    count = count + to - from + 1
    from = to + 1
  end
  past = {}
end
