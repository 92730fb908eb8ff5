#!lua flags=allow-oom
-- An operator treats a handled event as confirmed, because its confirmation is lost or cannot be sent. The script works
-- on a full Redis, as discard.lua does.
-- ARGV: source, fingerprint, id, grace, why, for the history ('' where none is kept). Reply: whether it was handled.
local src, id, grace = ARGV[1], ARGV[3], ARGV[4]
local r = record(ARGV[2])
if r.state ~= 'handled' or r.id ~= id then return 0 end
local why = ARGV[5]
if why ~= '' then noteLife(src, r, 'o', 'ended ' .. why) end
setConfirmed(src, r, grace, 'by hand')
return 1
