-- The vendor prolonged a window and gave a new receipt for the old one. Nothing if the event was renewed or handled meanwhile.
-- ARGV: src, fingerprint, id, old receipt, new receipt, its hash, sent, window, keep
local src, id, old, receipt, rh = ARGV[1], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local sure, late = tonumber(ARGV[7]) + tonumber(ARGV[8]), now + tonumber(ARGV[8])
local r = record(ARGV[2])
if r.st ~= 'p' or r.id ~= id or r.receipt ~= old then return 0 end
release(src, r.rh, r.fp)
carry(src, rh, r.fp)
redis.call('HSET', r.key, 'receipt', receipt, 'rh', rh, 'sure', sure, 'late', late, 'open', sure)
redis.call('PEXPIRE', r.key, ARGV[9])
return 1
