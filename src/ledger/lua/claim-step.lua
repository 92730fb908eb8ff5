#!lua flags=allow-oom
-- An attempt wants to run a step of its event, unless the result of an earlier attempt is kept. The script works on a
-- full Redis, since running events must be able to end.
-- A step's field: 'r' and the result; or 'c', the time of the claim's last renewal, a space and the attempt's token.
-- The field without a name: the bytes of all results.
-- ARGV: fingerprint, id, step, token, how long the attempt has been under way, how long a claim lives, how long to wait
-- before asking again, most steps
-- Reply: 'kept', 'busy', 'claimed', 'full', 'over' or 'lost', the result, in how many ms to ask again
local fp, id, name, token, ranForMs = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local lives, pause, most = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])

local open, hasJob = isOpen(fp, id)
if not open then return { isLost(record(fp), id, hasJob, ranForMs) and 'lost' or 'over', '', 0 } end

local known = redis.call('HGET', stepsKey(id), name)
if known and string.sub(known, 1, 1) == 'r' then return { 'kept', string.sub(known, 2), 0 } end
local renewedAt, owner = string.match(known or '', '^c(%d+) (.*)$')
local silent = renewedAt and math.abs(now - tonumber(renewedAt))
if owner and owner ~= token and silent < lives then return { 'busy', '', math.min(lives - silent, pause) } end
if not known then
  if redis.call('HLEN', stepsKey(id)) > most then return { 'full', '', 0 } end
  redis.call('HSETNX', stepsKey(id), '', 0)
  redis.call('HSET', stepOwnersKey(), id, fp)
end
redis.call('HSET', stepsKey(id), name, string.format('c%.0f %s', now, token))
return { 'claimed', '', 0 }
