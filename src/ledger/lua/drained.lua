-- After an empty pull that really waited. Two of them, more than a window and the grace apart, without a return of the
-- event mean that the confirmation whose answer was lost had taken effect.
-- ARGV: src, sent, window, grace. Reply: how many are taken as confirmed.
local src, sent, window, grace = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local taken = 0
for _, fp in ipairs(redis.call('ZRANGEBYSCORE', L .. 'h:' .. src, '-inf', '(' .. sent, 'LIMIT', 0, 200)) do
  local r = record(fp)
  if r.st ~= 'h' then
    redis.call('ZREM', L .. 'h:' .. src, fp)
  elseif r.arm == '1' then
    confirmed(src, r, grace)
    taken = taken + 1
  else
    redis.call('HSET', r.key, 'arm', '1')
    redis.call('ZADD', L .. 'h:' .. src, sent + window + grace, fp)
  end
end
return taken
