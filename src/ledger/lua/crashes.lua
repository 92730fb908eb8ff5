#!lua flags=allow-oom
-- Counts how often a process crashed while a job ran, since its last attempt that ended. A crash is a lock that ran out
-- (BullMQ's `stc`), except when the process lived on.
-- ARGV: id, attempts that ended, which of the job's starts, then 'count', 'alone' (it begins to run alone), 'back' (it
-- returns to the queue unharmed) or 'excuse' (its process lives), and for 'excuse' its lock
-- Reply: crashes, starts alone without a known end
local id, attempts, start, what, lock = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local key = jobKey(id)
if redis.call('EXISTS', key) == 0 then return { 0, 0 } end
local job = redis.call('HMGET', key, 'atm', 'stc', 'crashes')
if (job[1] or '0') ~= attempts then return { 0, 0 } end
if what == 'excuse' and redis.call('GET', key .. ':lock') == lock then return { 0, 0 } end

-- The field: attempts that ended, stalls that do not count, the starts alone. It is written from an attempt's second
-- start on. Before that, no stall can be old.
local stalls = tonumber(job[2] or 0)
local counted, excused, alone = string.match(job[3] or '', '^(%d+) (%d+) ([%d,]*)$')
if not counted then excused, alone = 0, ''
elseif counted ~= attempts then excused, alone = stalls, '' end
local starts = {}
for known in string.gmatch(alone, '%d+') do
  if known ~= start then starts[#starts + 1] = known end
end
if what == 'alone' then starts[#starts + 1] = start end
if what == 'excuse' then excused = excused + 1 end
redis.call('HSET', key, 'crashes', string.format('%s %d %s', attempts, excused, table.concat(starts, ',')))
return { math.max(0, stalls - excused), #starts }
