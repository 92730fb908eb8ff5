#!lua flags=allow-oom
-- Called after a failed attempt. Stores its data for its event's page and history.
-- ARGV: id, its data as JSON or '', fingerprint, for how long it ran, the attempt for the history ('' where none is
-- kept)
-- Reply: whether the event's handler succeeded elsewhere
local id, left, fp, ranForMs = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local succeeded, life = unpack(redis.call('HMGET', jobKey(id), 'handlerSucceeded', 'life'))
if redis.call('EXISTS', jobKey(id)) == 0 then return 0 end
if left ~= '' then leaveOnPage(id, cjson.decode(left)) end
if succeeded then return 1 end
if ARGV[5] == '' then return 0 end

local attempt, r = readAttempt(ARGV[5]), record(fp)
if r.id == id and r.life then
  write(r, 'life', withAttempt(r.life, r.firstSeen, attempt, ranForMs))
elseif attempt.firstSeen then
  redis.call('HSET', jobKey(id), 'life', withAttempt(life or NO_LIFE, attempt.firstSeen, attempt, ranForMs))
end
return 0
