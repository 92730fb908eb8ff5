#!lua flags=allow-oom
-- Called after a short pull. A handled event that was not in it is not visible at the vendor. If two such pulls lie
-- more than the longest window apart, and the event did not return, then the confirmation whose answer was lost had
-- taken effect.
-- ARGV: src, sent, the pull as a member of those under way, '1' if it came back empty, gap, grace
-- Reply: how many events count as confirmed.
local src, sent, pull, isEmpty = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4] == '1'
local gap, grace = tonumber(ARGV[5]), tonumber(ARGV[6])
if not isEmpty and redis.call('EXISTS', unfilledKey(src)) == 1 then return 0 end

-- An earlier pull may hold the event, and report it later.
endAgedPulls()
for _, other in ipairs(redis.call('ZRANGEBYSCORE', pullsKey(), '-inf', '(' .. string.format('%.0f', sent))) do
  if other ~= pull and sourceOf(other) == src then return 0 end
end

-- From here on, the events that a lost pull took are visible again.
local clear = (tonumber(redis.call('GET', lostKey(src))) or -gap) + gap
local taken = 0
for _, fp in ipairs(redis.call('ZRANGEBYSCORE', handledKey(src), '-inf', '(' .. string.format('%.0f', sent), 'LIMIT', 0, 200)) do
  local r = wholeRecord(fp)
  if r.state ~= 'handled' then
    gather('ZREM', handledKey(src), fp)
  elseif r.absent == '0' then
    write(r, 'absent', isEmpty and 'empty' or 'short', 'absentFrom', now)
    gather('ZADD', handledKey(src), fp, sent + gap)
  elseif sent < clear then
    gather('ZADD', handledKey(src), fp, clear)
  else
    setConfirmed(src, r, grace, 'stayed away')
    taken = taken + 1
  end
end
return taken
