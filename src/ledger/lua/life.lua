-- Joined before every script of a source: the life of an event, and its line in the history once it is over. Without a
-- history no event has a life, and nothing here calls Redis. src/desk/life.ts reads the lives.
--
-- A life: "DELIVERIES ATTEMPTS", then a line per entry, its time counted in ms from the first delivery:
--   dTIME RECEIPT REPLICA      a delivery; the receipt's last letters; the replica only if it is another than before
--   aTIME END REPLICA ERROR    an attempt; '=' for the replica of the first delivery; no error if it succeeded, '=' for
--                              the same error as before
--   cTIME ANSWER CALLS         a confirmation that was not accepted; if it had no answer, the number of calls
--   oTIME WORDS (by PERSON)    what a person, or a setting, decided
-- The type and the subjects of the event, "TYPE\tSUBJECTS", are in a separate field. A record whose fields have at most
-- 64 bytes needs a third of the memory, so both are short.
-- A line of the history: ended at, why, id, source, first delivery, counts of the life, type, subjects, its entries
-- with ';' between.
local LIFE_BYTES, LINE_BYTES, CHUNK_LINES, NO_LIFE = 1536, 400, 256, '0 0'

-- Cuts the middle out of a long life. The counts show that something is missing.
local function lifeWith(life, kind, text)
  local deliveries, attempts, entries = string.match(life, '^(%d+) (%d+)(.*)$')
  if kind == 'd' then deliveries = deliveries + 1 elseif kind == 'a' then attempts = attempts + 1 end
  entries = entries .. '\n' .. kind .. text
  while #entries > LIFE_BYTES do
    local from = string.find(entries, '\n', math.floor(#entries / 2), true)
    local to = from and string.find(entries, '\n', from + 1, true)
    if not to then break end
    entries = string.sub(entries, 1, from - 1) .. string.sub(entries, to)
  end
  return string.format('%d %d%s', deliveries, attempts, entries)
end

-- Its subjects are stored before the body in the job's data.
local function aboutOf(name, data)
  local body = string.find(data, ',"body":', 1, true)
  local subjects = body and string.match(string.sub(data, 1, body - 1), ',"subjects":%[(.*)%]$') or ''
  return string.gsub(name, '[%c;]', ' ') .. '\t' .. subjects
end


-- Reads an attempt from a worker: replica, first delivery, type, subjects, error. The three in the middle come only
-- with a pushed event, which has no record of them.
local function readAttempt(text)
  local replica, firstSeen, name, subjects, err = string.match(text, '^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$')
  return { replica = replica, firstSeen = tonumber(firstSeen), err = err, about = name .. '\t' .. subjects }
end

local function withAttempt(life, firstSeen, attempt, ranForMs)
  local start, ended = now - firstSeen - ranForMs, now - firstSeen
  local before = attempt.err ~= '' and string.match(life, '^.*\na%S+ %S+ %S+ ([^\n]+)')
  local err = attempt.err ~= '' and ' ' .. (attempt.err == before and '=' or attempt.err) or ''
  -- The first entry is never cut out.
  local first = string.match(life, '^%d+ %d+\nd%S+ %S+ (%S+)')
  local by = attempt.replica == first and '=' or attempt.replica
  return lifeWith(life, 'a', string.format('%.0f %.0f %s%s', math.max(0, start), math.max(0, ended), by, err))
end

local past = {}

local function endLife(src, id, firstSeen, about, life, reason)
  local counts, entries = string.match(life, '^([^\n]*)\n?(.*)$')
  if #entries > LINE_BYTES then
    local first = string.match(entries, '^[^\n]*')
    local rest = string.sub(entries, #first - LINE_BYTES)
    entries = first .. '\n' .. (string.match(rest, '\n(.*)$') or '')
  end
  past[#past + 1] = string.format('%.0f\t%s\t%s\t%s\t%.0f\t%s\t%s\t%s', now, reason, id, src, firstSeen, counts, about,
    (string.gsub(entries, '\n', ';')))
end

local function writePast()
  if #past == 0 then return end
  local count = redis.call('HINCRBY', historyKey(), 'count', #past) - #past
  local from = 1
  while from <= #past do
    local key = pastKey(math.floor(count / CHUNK_LINES))
    local to = math.min(#past, from + CHUNK_LINES - count % CHUNK_LINES - 1)
    redis.call('APPEND', key, table.concat(past, '\n', from, to) .. '\n')
    count = count + to - from + 1
    -- Redis keeps spare room for an appended string, as much as the string itself. Writing it anew frees that.
    if count % CHUNK_LINES == 0 then redis.call('SET', key, redis.call('GET', key)) end
    from = to + 1
  end
  past = {}
end
