-- The vendor prolonged a window and gave a new receipt for the old one. An event that was handled meanwhile owes its
-- confirmation with the new one: the old one is void.
-- ARGV: src, fingerprint, id, old receipt, new receipt, its hash, sent, window, call, keep
-- Reply: '1' if it is owed, sure - now, late - now
local src, id, old, receipt, rh = ARGV[1], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local sure, late = tonumber(ARGV[7]) + tonumber(ARGV[8]), now + tonumber(ARGV[8])
local r = record(ARGV[2])
if (r.st ~= 'p' and r.st ~= 'h') or r.id ~= id or r.receipt ~= old then return { '0', 0, 0 } end
release(src, r.rh, r.fp)
carry(src, rh, r.fp)
redis.call('HSET', r.key, 'receipt', receipt, 'rh', rh, 'sure', sure, 'late', late, 'open', sure)
redis.call('PEXPIRE', r.key, ARGV[10])
if r.st == 'p' then return { '0', 0, 0 } end
owe(src, r, late, tonumber(ARGV[9]))
return { '1', sure - now, late - now }
