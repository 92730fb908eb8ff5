-- Joined before every script of a source. Finds the events that carry a receipt. One receipt may stand for two bodies,
-- and may be confirmed only when both are handled. A script reads all the receipts it needs at once.
local wanted, carried = {}, {}

local function tableOf(tables, name)
  tables[name] = tables[name] or {}
  return tables[name]
end

-- Registers a receipt that will be asked for.
local function want(src, hash)
  local hashes = tableOf(wanted, src)
  hashes[#hashes + 1] = hash
end

-- The fingerprints of the events, after commas. Nearly every receipt has one.
local function carriersText(src, hash)
  local known = tableOf(carried, src)
  if not known[hash] then
    want(src, hash)
    for i, fps in ipairs(redis.call('HMGET', receiptsKey(src), unpack(wanted[src]))) do
      local each = wanted[src][i]
      known[each] = known[each] or fps or ''
    end
    wanted[src] = nil
  end
  return known[hash]
end

local function carriers(src, hash)
  local text, fps = carriersText(src, hash), {}
  for fp in string.gmatch(text, '[^,]+') do fps[#fps + 1] = fp end
  return fps
end

local function setCarriers(src, hash, text)
  carried[src][hash] = text
  if text == '' then gather('HDEL', receiptsKey(src), hash) else gather('HSET', receiptsKey(src), hash, text) end
end

local function carry(src, hash, fp)
  if carriersText(src, hash) == '' then return setCarriers(src, hash, fp) end
  local fps = carriers(src, hash)
  for _, known in ipairs(fps) do if known == fp then return end end
  fps[#fps + 1] = fp
  setCarriers(src, hash, table.concat(fps, ','))
end

local function release(src, hash, fp)
  if carriersText(src, hash) == fp then return setCarriers(src, hash, '') end
  local rest = {}
  for _, known in ipairs(carriers(src, hash)) do if known ~= fp then rest[#rest + 1] = known end end
  setCarriers(src, hash, table.concat(rest, ','))
end

-- True while another event with this receipt still waits for its handler.
local function isBlocked(src, r)
  if carriersText(src, r.receiptHash) == r.fp then return false end
  for _, fp in ipairs(carriers(src, r.receiptHash)) do
    if fp ~= r.fp and redis.call('HGET', eventKey(fp), 'state') == 'pending' then return true end
  end
  return false
end
