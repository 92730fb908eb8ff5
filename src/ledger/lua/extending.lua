#!lua flags=allow-oom
-- Called before the vendor is asked to prolong a window: its answer may invalidate the receipt before we know the new
-- one.
-- ARGV: fingerprint, id. Reply: the newest receipt, '' if the event is no longer pending.
local r = record(ARGV[1])
if r.state ~= 'pending' or r.id ~= ARGV[2] then return '' end
write(r, 'extending', '1')
return r.receipt
