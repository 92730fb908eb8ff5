-- After an empty pull that really waited. Two of them, more than a window and the grace apart, without a return of the
-- event mean that the confirmation whose answer was lost had taken effect.
-- ARGV: src, sent, window, grace. Reply: how many are taken as confirmed.
local src, sent, window, grace = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local taken = 0
for _, fp in ipairs(redis.call('ZRANGEBYSCORE', handledKey(src), '-inf', '(' .. sent, 'LIMIT', 0, 200)) do
  local r = record(fp)
  if r.state ~= 'handled' then
    redis.call('ZREM', handledKey(src), fp)
  elseif r.absent == '1' then
    setConfirmed(src, r, grace, 'stayed away')
    taken = taken + 1
  else
    redis.call('HSET', r.key, 'absent', '1')
    redis.call('ZADD', handledKey(src), sent + window + grace, fp)
  end
end
return taken
