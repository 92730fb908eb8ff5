-- A pushed event has no receipt and no window: it is known for as long as its vendor repeats an unanswered call.
-- ARGV: source, fingerprint, id if it is new, memory. Reply: 'add' or 'acknowledge', id
local src, fp, fresh = ARGV[1], ARGV[2], ARGV[3]
local id, state = pushOf(fp)
if not id then
  redis.call('SET', pushKey(fp), fresh .. ':reserved', 'PX', ARGV[4])
  changed(src, fp, fresh, '', 'reserved', 'called')
  return { 'add', fresh }
end
if state == 'reserved' then return { 'add', id } end -- mends a crash before the job was added
return { 'acknowledge', id }
