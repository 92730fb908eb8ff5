-- Drops what points to records that are gone (expired, or deleted by hand), one page at a time, and ends handled events that
-- their vendor has forgotten.
-- ARGV: src, 'unconfirmed' or 'receipts', cursor, age from which the vendor has forgotten an event, grace
-- Reply: the next cursor, how many were ended.
local src, what, cursor, forgotten, grace = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
if what == 'unconfirmed' then
  local ended = 0
  local page = redis.call('ZSCAN', unconfirmedKey(src), cursor, 'COUNT', 200)
  for i = 1, #page[2], 2 do
    local fp, firstSeen = page[2][i], tonumber(page[2][i + 1])
    if redis.call('EXISTS', eventKey(fp)) == 0 then
      redis.call('ZREM', unconfirmedKey(src), fp)
      redis.call('ZREM', handledKey(src), fp)
    elseif now - firstSeen > forgotten then
      local r = record(fp)
      if r.state == 'handled' then
        setConfirmed(src, r, grace, 'forgotten')
        ended = ended + 1
      end
    end
  end
  return { page[1], ended }
end
local page = redis.call('HSCAN', receiptsKey(src), cursor, 'COUNT', 200)
for i = 1, #page[2], 2 do
  local hash = page[2][i]
  for _, fp in ipairs(carriers(src, hash)) do
    if redis.call('HGET', eventKey(fp), 'receiptHash') ~= hash then release(src, hash, fp) end
  end
end
return { page[1], 0 }
