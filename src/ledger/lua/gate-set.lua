-- An operator's word about a handler. ARGV: limits, then fields and values; an empty value takes the operator's word back
local name = string.match(ARGV[1], '^%S+ %S+ %S+ %S+ (.*)$')
for i = 2, #ARGV, 2 do
  if ARGV[i + 1] == '' then redis.call('HDEL', gateKey(name), ARGV[i])
  else redis.call('HSET', gateKey(name), ARGV[i], ARGV[i + 1]) end
end
give(gateOf(ARGV[1]))
return 0
