-- A pushed event has no receipt and no window: it is known for as long as its vendor repeats an unanswered call.
-- ARGV: source, fingerprint, id if it is new, memory, bytes, most events that wait, most bytes of them,
-- limits of its handler, '' for none; most that may wait for them
-- Reply: 'add', 'acknowledge' or 'refuse', id
local src, fp, fresh, bytes = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[5])
local id, state = pushOf(fp)
if id and state ~= 'reserved' then return { 'acknowledge', id } end
if not id then
  local waiting, waitingBytes = waitingPushes()
  if waiting >= tonumber(ARGV[6]) or waitingBytes + bytes > tonumber(ARGV[7]) then return { 'refuse', '' } end
  if ARGV[8] ~= '' and heldAt(gateOf(ARGV[8])) >= tonumber(ARGV[9]) then return { 'refuse', '' } end
  id = fresh
  redis.call('SET', pushKey(fp), id .. ':reserved', 'PX', ARGV[4])
  changed(src, fp, id, '', 'reserved', 'called')
end
-- An event that a process reserved before it crashed is counted already, unless a sweep removed it as abandoned.
countPush(id, bytes, src)
return { 'add', id }
