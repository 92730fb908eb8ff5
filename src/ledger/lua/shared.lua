-- Joined before every script of the ledger. The state machine stands in src/ledger/ledger.ts.
-- KEYS[1]: our keys' prefix, KEYS[2]: BullMQ's; both carry one hash tag, so a cluster keeps them in one slot.
local L, B = KEYS[1], KEYS[2]
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)

local function record(fp)
  local f = redis.call('HMGET', L .. 'e:' .. fp, 'st', 'id', 'receipt', 'rh', 'sure', 'late', 'open', 'conf', 'arm')
  return {
    fp = fp, key = L .. 'e:' .. fp, st = f[1], id = f[2], receipt = f[3], rh = f[4],
    sure = tonumber(f[5]), late = tonumber(f[6]), open = tonumber(f[7]), conf = tonumber(f[8]), arm = f[9],
  }
end

-- Which events carry a receipt: one handle may stand for two bodies, and may be given back only when both are handled.
local function carriers(src, rh)
  local fps = {}
  for fp in string.gmatch(redis.call('HGET', L .. 'r:' .. src, rh) or '', '[^,]+') do fps[#fps + 1] = fp end
  return fps
end

local function carry(src, rh, fp)
  if redis.call('HSETNX', L .. 'r:' .. src, rh, fp) == 1 then return end
  local fps = carriers(src, rh)
  for _, known in ipairs(fps) do if known == fp then return end end
  fps[#fps + 1] = fp
  redis.call('HSET', L .. 'r:' .. src, rh, table.concat(fps, ','))
end

local function release(src, rh, fp)
  local rest = {}
  for _, known in ipairs(carriers(src, rh)) do if known ~= fp then rest[#rest + 1] = known end end
  if #rest == 0 then redis.call('HDEL', L .. 'r:' .. src, rh)
  else redis.call('HSET', L .. 'r:' .. src, rh, table.concat(rest, ',')) end
end

-- True while another event with this receipt still waits for its handler.
local function shared(src, r)
  for _, fp in ipairs(carriers(src, r.rh)) do
    if fp ~= r.fp and redis.call('HGET', L .. 'e:' .. fp, 'st') == 'p' then return true end
  end
  return false
end

-- p -> h: from here on the vendor may be told, and a delivery before late + CALL is not believed to be a redelivery.
local function owe(src, r, late, call)
  redis.call('HSET', r.key, 'st', 'h', 'open', late + call, 'arm', '0')
  redis.call('ZADD', L .. 'h:' .. src, late, r.fp)
end

-- h -> c: kept for the grace only, for pulls that were in flight when the confirmation took effect.
local function confirmed(src, r, grace)
  redis.call('HSET', r.key, 'st', 'c', 'conf', now)
  redis.call('PEXPIRE', r.key, grace)
  redis.call('ZREM', L .. 'h:' .. src, r.fp)
  redis.call('ZREM', L .. 'owed:' .. src, r.fp)
  release(src, r.rh, r.fp)
end

-- The pushed twin of an event: its id and its state, see push.lua.
local function pushed(fp)
  return string.match(redis.call('GET', L .. 'd:' .. fp) or '', '^(.*):(%a)$')
end

local function turnPushed(fp, id, from, to)
  local key = L .. 'd:' .. fp
  if redis.call('GET', key) == id .. ':' .. from then redis.call('SET', key, id .. ':' .. to, 'KEEPTTL') end
end
