-- ARGV: grace, then per event: source, fingerprint, id, receipt, 'confirmed' or 'dead'
local grace = tonumber(ARGV[1])
for i = 2, #ARGV, 5 do
  local src, id, receipt, outcome = ARGV[i], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  local r = record(ARGV[i + 1])
  if r.st == 'h' and r.id == id and r.receipt == receipt then
    if outcome == 'dead' then
      redis.call('HSET', r.key, 'open', 0)
    else
      for _, fp in ipairs(carriers(src, r.rh)) do
        local twin = record(fp)
        if twin.st == 'h' and twin.receipt == receipt then confirmed(src, twin, grace) end
      end
    end
  end
end
