-- Forgets counted pushes that no longer wait, one page at a time. Their job completed, was removed by hand, or was
-- never added because the process died after reserving the event.
-- ARGV: cursor, how long a job may take to be added. Reply: the next cursor.
local page = redis.call('HSCAN', waitingPushesKey(), ARGV[1], 'COUNT', 200)
for i = 1, #page[2], 2 do
  local id, counted = page[2][i], page[2][i + 1]
  if id ~= 'bytes' and id ~= 'held' then
    local since = tonumber(string.match(counted, '^%d+ (%d+)'))
    local gone = redis.call('EXISTS', jobKey(id)) == 0 and now - since > tonumber(ARGV[2])
    if gone or redis.call('ZSCORE', queueKey('completed'), id) then uncountPush(id) end
  end
end
return page[1]
