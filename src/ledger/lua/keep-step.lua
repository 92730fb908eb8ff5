#!lua flags=allow-oom
-- Acts on a step under its claim, and on nothing else: the result of a thawed process comes too late. A result is
-- kept on a Redis that is full too, since the step's effect has happened.
-- Nothing is kept of an event that another run has handled: it would stay.
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
