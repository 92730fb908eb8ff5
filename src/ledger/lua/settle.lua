#!lua flags=allow-oom
-- ARGV: grace, then per event: source, fingerprint, id, receipt, 'confirmed', 'presumed' or 'dead'
local grace = tonumber(ARGV[1])
for i = 2, #ARGV, 5 do
  local r = record(ARGV[i + 1])
  if r.receiptHash then want(ARGV[i], r.receiptHash) end
end

for i = 2, #ARGV, 5 do
  local src, id, receipt, outcome = ARGV[i], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  local r = record(ARGV[i + 1])
  -- A refused receipt that an extension may have replaced says nothing: the new one is confirmed, or the event returns.
  local isKnown = r.state == 'handled' and r.id == id and r.receipt == receipt
  if isKnown and (outcome == 'confirmed' or r.extending ~= '1') then
    if outcome == 'dead' then
      write(r, 'returnsFrom', 0)
    else
      for _, fp in ipairs(carriers(src, r.receiptHash)) do
        local twin = record(fp)
        if twin.state == 'handled' and twin.receipt == receipt then setConfirmed(src, twin, grace, 'taken') end
      end
    end
  end
end
