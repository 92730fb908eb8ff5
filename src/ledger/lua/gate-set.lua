-- An operator's limits of a handler. ARGV: its name, then fields and values; an empty value removes the operator's
-- limit. The next look starts the events that may start now.
local name = ARGV[1]
for i = 2, #ARGV, 2 do
  if ARGV[i + 1] == '' then redis.call('HDEL', gateKey(name), ARGV[i])
  else redis.call('HSET', gateKey(name), ARGV[i], ARGV[i + 1]) end
end
redis.call('HSETNX', gatesKey(), name, 'plain')
return 0
