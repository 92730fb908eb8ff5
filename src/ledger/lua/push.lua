-- A pushed event has no receipt and no window: d:<fp> remembers it for as long as its vendor repeats an unanswered call.
--   <id>:r reserved   <id>:a its job was added   <id>:h handled   <id>:p pulled too, or first
-- ARGV: fingerprint, id if it is new, memory. Reply: 'add' or 'known', id
local key = L .. 'd:' .. ARGV[1]
local id, state = pushed(ARGV[1])
if not id then
  redis.call('SET', key, ARGV[2] .. ':r', 'PX', ARGV[3])
  return { 'add', ARGV[2] }
end
if state == 'r' then return { 'add', id } end -- mends a crash before the job was added
return { 'known', id }
