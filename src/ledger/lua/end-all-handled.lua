#!lua flags=allow-oom
-- The data went back in time, so it is unknown which handled events were confirmed in the lost time. All are treated as
-- confirmed. An event that its vendor still has comes back as a new one. Without this, a new event with the same body
-- would count as its return, and would be confirmed without a run.
-- ARGV: source, grace, how many at most. Reply: how many.
local src, grace = ARGV[1], ARGV[2]
local fps = redis.call('ZRANGE', handledKey(src), 0, tonumber(ARGV[3]) - 1)
for _, fp in ipairs(fps) do
  local r = record(fp)
  gather('ZREM', handledKey(src), fp)
  if r.state == 'handled' then setConfirmed(src, r, grace, 'went back') end
end
return #fps
