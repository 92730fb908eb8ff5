#!lua flags=allow-oom
-- An attempt failed: what it leaves for its event's page. ARGV: id, what it leaves, as JSON
-- Reply: whether the event's handler succeeded elsewhere
local id = ARGV[1]
if redis.call('EXISTS', jobKey(id)) == 0 then return 0 end
leaveOnPage(id, cjson.decode(ARGV[2]))
return redis.call('HEXISTS', jobKey(id), 'handlerSucceeded')
