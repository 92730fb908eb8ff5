-- Drops what points to records that are gone (expired, or deleted by hand), one page at a time.
-- ARGV: src, 'unconfirmed' or 'receipts', cursor. Reply: the next cursor.
local src, what, cursor = ARGV[1], ARGV[2], ARGV[3]
if what == 'unconfirmed' then
  local page = redis.call('ZSCAN', unconfirmedKey(src), cursor, 'COUNT', 200)
  for i = 1, #page[2], 2 do
    local fp = page[2][i]
    if redis.call('EXISTS', eventKey(fp)) == 0 then
      redis.call('ZREM', unconfirmedKey(src), fp)
      redis.call('ZREM', handledKey(src), fp)
    end
  end
  return page[1]
end
local page = redis.call('HSCAN', receiptsKey(src), cursor, 'COUNT', 200)
for i = 1, #page[2], 2 do
  local hash = page[2][i]
  for _, fp in ipairs(carriers(src, hash)) do
    if redis.call('HGET', eventKey(fp), 'receiptHash') ~= hash then release(src, hash, fp) end
  end
end
return page[1]
