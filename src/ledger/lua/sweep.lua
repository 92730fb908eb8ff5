-- Drops what points to records that are gone (expired, or deleted by hand), one page at a time.
-- ARGV: src, 'owed' or 'receipts', cursor. Reply: the next cursor.
local src, what, cursor = ARGV[1], ARGV[2], ARGV[3]
if what == 'owed' then
  local page = redis.call('ZSCAN', L .. 'owed:' .. src, cursor, 'COUNT', 200)
  for i = 1, #page[2], 2 do
    local fp = page[2][i]
    if redis.call('EXISTS', L .. 'e:' .. fp) == 0 then
      redis.call('ZREM', L .. 'owed:' .. src, fp)
      redis.call('ZREM', L .. 'h:' .. src, fp)
    end
  end
  return page[1]
end
local page = redis.call('HSCAN', L .. 'r:' .. src, cursor, 'COUNT', 200)
for i = 1, #page[2], 2 do
  local rh = page[2][i]
  for _, fp in ipairs(carriers(src, rh)) do
    if redis.call('HGET', L .. 'e:' .. fp, 'rh') ~= rh then release(src, rh, fp) end
  end
end
return page[1]
