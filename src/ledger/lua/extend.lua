#!lua flags=allow-oom
-- The vendor prolonged a window and replaced the old receipt, which is now invalid. An event that was handled meanwhile
-- is confirmed with the new one. The record does not live longer, because the vendor does not keep the event longer.
-- ARGV: src, fingerprint, id, old receipt, new receipt, its hash, sent, window, call
-- Reply: '1' if it is to be confirmed, openUntil - now, closedFrom - now
local src, id, old, receipt, hash = ARGV[1], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local openUntil, closedFrom = tonumber(ARGV[7]) + tonumber(ARGV[8]), now + tonumber(ARGV[8])
local r = record(ARGV[2])
if (r.state ~= 'pending' and r.state ~= 'handled') or r.id ~= id or r.receipt ~= old then return { '0', 0, 0 } end
release(src, r.receiptHash, r.fp)
carry(src, hash, r.fp)
write(r, 'receipt', receipt, 'receiptHash', hash, 'openUntil', openUntil, 'closedFrom', closedFrom,
  'returnsFrom', openUntil, 'extending', '0', 'givenTwice', receipt == old and r.givenTwice or '0')
if r.state == 'pending' then return { '0', 0, 0 } end
setHandled(src, r, closedFrom, tonumber(ARGV[9]))
-- This vendor kept the same receipt, so it was given out already. A second call with it would be refused, as if it were
-- dead.
if receipt == old then return { '0', 0, 0 } end
return { '1', openUntil - now, closedFrom - now }
