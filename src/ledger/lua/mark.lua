-- ARGV: call, then per event: source, fingerprint, id, '1' if its handler ran
-- Reply per event: stored, receipt, sure - now, late - now
local call = tonumber(ARGV[1])
local reply = {}
for i = 2, #ARGV, 4 do
  local src, id, ran = ARGV[i], ARGV[i + 2], ARGV[i + 3]
  local r = record(ARGV[i + 1])
  turnPushed(ARGV[i + 1], id, 'r', 'h')
  turnPushed(ARGV[i + 1], id, 'a', 'h')
  if ran == '1' and redis.call('EXISTS', B .. id) == 1 then redis.call('HSET', B .. id, 'rch', '1') end
  if not r.st or r.st == 'c' or r.id ~= id then
    reply[#reply + 1] = { 0, '', 0, 0 }
  else
    if r.st == 'p' then owe(src, r, r.late, call) end
    local receipt = shared(src, r) and '' or r.receipt
    reply[#reply + 1] = { 1, receipt, r.sure - now, r.late - now }
  end
end
return reply
