-- Reply: the names of the handlers that an operator limits now
local names, gates = {}, redis.call('HGETALL', gatesKey())
for i = 1, #gates, 2 do
  local paused, concurrency, perSecond, till =
    unpack(redis.call('HMGET', gateKey(gates[i]), 'paused', 'concurrency', 'perSecond', 'until'))
  local isSet = (paused or concurrency or perSecond) and (not till or now < tonumber(till))
  if isSet then names[#names + 1] = gates[i] end
end
return names
