-- A pushed event has no receipt and no window: it is known for as long as its vendor repeats an unanswered call.
-- ARGV: fingerprint, id if it is new, memory. Reply: 'add' or 'acknowledge', id
local id, state = pushOf(ARGV[1])
if not id then
  redis.call('SET', pushKey(ARGV[1]), ARGV[2] .. ':reserved', 'PX', ARGV[3])
  return { 'add', ARGV[2] }
end
if state == 'reserved' then return { 'add', id } end -- mends a crash before the job was added
return { 'acknowledge', id }
