-- ARGV: src, sent, window, grace, call, keep, cap, then per delivery: fingerprint, receipt, hash of the receipt, id
-- Reply: how many handled events owe their confirmation, then per delivery: verdict, id, receipt, sure - now, late - now
local src, sent, window, grace = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local call, keep, cap = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local waiting = redis.call('LLEN', B .. 'wait') + redis.call('ZCARD', B .. 'delayed')
local sure, late = sent + window, now + window
local reply = { 0 }

local function say(verdict, id, receipt)
  reply[#reply + 1] = { verdict, id or '', receipt or '', sure - now, late - now }
end

local function renew(r, receipt, rh)
  if r.rh ~= rh then
    release(src, r.rh, r.fp)
    carry(src, rh, r.fp)
  end
  redis.call('HSET', r.key, 'receipt', receipt, 'rh', rh, 'sure', sure, 'late', late, 'last', now, 'arm', '0')
  redis.call('PEXPIRE', r.key, keep)
  r.receipt, r.rh = receipt, rh
  if r.st == 'h' then
    redis.call('HSET', r.key, 'open', late + call)
    redis.call('ZADD', L .. 'h:' .. src, late, r.fp)
    if shared(src, r) then return say('pending', r.id) end
    return say('confirm', r.id, receipt)
  end
  redis.call('HSET', r.key, 'open', sure)
  if redis.call('ZSCORE', B .. 'failed', r.id) then return say('parked', r.id) end
  if redis.call('EXISTS', B .. r.id) == 1 then return say('pending', r.id) end
  say('add', r.id)
end

local function admit(r, receipt, rh, id)
  if waiting >= cap then return say('skip') end
  waiting = waiting + 1
  local free, n = id, 1
  while redis.call('EXISTS', B .. free) == 1 do
    n = n + 1
    free = id .. '-' .. n
  end
  redis.call('DEL', r.key)
  redis.call('HSET', r.key, 'st', 'p', 'id', free, 'src', src, 'receipt', receipt, 'rh', rh,
    'sure', sure, 'late', late, 'open', sure, 'first', now, 'last', now, 'arm', '0')
  redis.call('PEXPIRE', r.key, keep)
  redis.call('ZADD', L .. 'owed:' .. src, now, r.fp)
  carry(src, rh, r.fp)
  say('add', free)
end

for i = 8, #ARGV, 4 do
  local receipt, rh, id = ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local r = record(ARGV[i])
  if now - sent > grace then
    say('skip')
  elseif r.st == 'c' and sent <= r.conf then
    say('skip')
  elseif (r.st == 'p' or r.st == 'h') and now < r.open then
    if r.st == 'h' then
      redis.call('HSET', r.key, 'arm', '0')
      redis.call('ZADD', L .. 'h:' .. src, late, r.fp)
    end
    say('skip')
  elseif r.st == 'p' or r.st == 'h' then
    renew(r, receipt, rh)
  else
    admit(r, receipt, rh, id)
  end
end

reply[1] = redis.call('ZCARD', L .. 'h:' .. src)
return reply
