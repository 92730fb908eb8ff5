#!lua flags=allow-oom
-- Drops results of steps that no run can need any more, one page at a time. Their job completed, or was removed by hand
-- and its event does not come back.
-- ARGV: cursor. Reply: the next cursor.
local page = redis.call('HSCAN', stepOwnersKey(), ARGV[1], 'COUNT', 200)
for i = 1, #page[2], 2 do
  local id = page[2][i]
  local r = record(page[2][i + 1])
  local returns = r.state == 'pending' and r.id == id
  local hasJob = redis.call('EXISTS', jobKey(id)) == 1 and not redis.call('ZSCORE', queueKey('completed'), id)
  if not hasJob and not returns then dropSteps(id) end
end
return page[1]
