#!lua flags=allow-oom
-- Called after a failed attempt. Stores its data for its event's page and history.
-- ARGV: source, id, its data as JSON or '', fingerprint, for how long it ran, then for the history: this replica ('' where
-- none is kept), what a life needs of a pushed event, the error
-- Reply: whether the event's handler succeeded elsewhere
local src, id, left, fp, ranForMs = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local replica, pushed, err = ARGV[6], ARGV[7], ARGV[8]
local succeeded, life = unpack(redis.call('HMGET', jobKey(id), 'handlerSucceeded', 'life'))
if redis.call('EXISTS', jobKey(id)) == 0 then return 0 end
if left ~= '' then leaveOnPage(id, cjson.decode(left)) end
if succeeded then return 1 end
if replica == '' then return 0 end

local r = record(fp)
local own = r.id == id and lifeToWrite(src, r)
if own then
  setLife(src, fp, withAttempt(own, attemptOf(r.firstSeen, ranForMs, replica), err))
elseif pushed ~= '' then
  local firstSeen, fresh = readPushed(id, pushed)
  own = withAttempt(life or fresh, attemptOf(firstSeen, ranForMs, replica), err)
  redis.call('HSET', jobKey(id), 'life', own)
end
-- A search of the parked events reads this instead of their data.
if own then redis.call('HSET', jobKey(id), 'about', src .. '\t' .. partsOf(own)) end
return 0
