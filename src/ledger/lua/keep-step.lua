#!lua flags=allow-oom
-- Acts on a step only under its claim, so the late result of a process that was frozen is refused. A result is kept
-- even on a full Redis, since the step's effect has happened. Nothing is kept for an event that another run has
-- handled: it would never be removed.
-- ARGV: fingerprint, id, step, token, 'store', 'renew' or 'release', the result, most bytes of all results
-- Reply: 'stored', 'refused' or 'full'
local fp, id, name, token, what, result = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local owner = string.match(redis.call('HGET', stepsKey(id), name) or '', '^c%d+ (.*)$')
if owner ~= token then return 'refused' end
if what == 'renew' then
  redis.call('HSET', stepsKey(id), name, string.format('c%.0f %s', now, token))
elseif what == 'release' then
  redis.call('HDEL', stepsKey(id), name)
elseif not isOpen(fp, id) then
  return 'refused'
elseif redis.call('HGET', stepsKey(id), '') + #result > tonumber(ARGV[7]) then
  return 'full'
else
  redis.call('HINCRBY', stepsKey(id), '', #result)
  redis.call('HSET', stepsKey(id), name, 'r' .. result)
end
return 'stored'
