-- A page of failed jobs, the longest failed first, with the ledger's data about their events. Bodies are not read: an
-- event's other data is stored before its body (src/queue/jobs.ts). A page ends early when much was read for it.
-- ARGV: how many to leave out, how many to look at
-- Reply: how many were looked at, then per job: id, type, reason, attempts, added at, data without the body, state of
-- its record
local from, count, most = tonumber(ARGV[1]), tonumber(ARGV[2]), 1048576
local page, bytes = { 0 }, 0
for _, id in ipairs(redis.call('ZRANGE', queueKey('failed'), from, from + count - 1)) do
  local job = redis.call('HMGET', jobKey(id), 'name', 'failedReason', 'atm', 'timestamp', 'data')
  local data = job[5] or ''
  local body = string.find(data, ',"body":', 1, true)
  local about = body and string.sub(data, 1, body - 1) .. '}' or '{}'
  local fp = string.match(about, '"fingerprint":"([%w_-]+)"') or ''
  local r = record(fp)
  page[1] = page[1] + 1
  page[#page + 1] = { id, job[1] or '', job[2] or '', job[3] or '0', job[4] or '0', about, r.id == id and r.state or '' }
  bytes = bytes + #data
  if bytes > most then break end
end
return page
