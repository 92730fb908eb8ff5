-- ARGV: src, sent, window, grace, call, keep, cap, memory of pushes (0: this source has no pushed twin),
-- then per delivery: fingerprint, receipt, hash of the receipt, id
-- Reply: how many handled events owe their confirmation, then per delivery: verdict, id, receipt, sure - now, late - now
local src, sent, window, grace = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local call, keep, cap, memory = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local waiting = redis.call('LLEN', B .. 'wait') + redis.call('ZCARD', B .. 'delayed')
local sure, late = sent + window, now + window
local verdicts = {}

-- A handled record instead of a verdict: it is only known when all are taken in whether its receipt may be given back.
local function say(verdict, id)
  verdicts[#verdicts + 1] = { verdict, id or '' }
end

local bodies = {}
for i = 9, #ARGV, 4 do
  local fps = bodies[ARGV[i + 2]] or { n = 0 }
  bodies[ARGV[i + 2]] = fps
  if not fps[ARGV[i]] then fps[ARGV[i]], fps.n = true, fps.n + 1 end
end

local function sayOf(id)
  if redis.call('ZSCORE', B .. 'failed', id) then return say('parked', id) end
  if redis.call('EXISTS', B .. id) == 1 then return say('pending', id) end
  say('add', id)
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
    return say(r)
  end
  redis.call('HSET', r.key, 'open', sure)
  sayOf(r.id)
end

local function write(r, id, receipt, rh)
  redis.call('SADD', L .. 'sources', src)
  redis.call('DEL', r.key)
  redis.call('HSET', r.key, 'st', 'p', 'id', id, 'src', src, 'receipt', receipt, 'rh', rh,
    'sure', sure, 'late', late, 'open', sure, 'first', now, 'last', now, 'arm', '0')
  redis.call('PEXPIRE', r.key, keep)
  redis.call('ZADD', L .. 'owed:' .. src, now, r.fp)
  carry(src, rh, r.fp)
end

-- The event was pushed a moment ago: one happening, whose job is there or done; or is being added, here too if need be,
-- since both doors add the same one. Only once: the next one is a repeat.
local function pair(r, receipt, rh, id, state)
  turnPushed(r.fp, id, state, 'p')
  write(r, id, receipt, rh)
  if state ~= 'h' then return sayOf(id) end
  owe(src, r, late, call)
  r.id, r.receipt, r.rh = id, receipt, rh
  say(r)
end

local function admit(r, receipt, rh, id)
  if memory > 0 then
    local twin, state = pushed(r.fp)
    if state == 'r' or state == 'a' or state == 'h' then return pair(r, receipt, rh, twin, state) end
  end
  -- Events under one receipt come in together, since giving it back ends all of them.
  if waiting >= cap and bodies[rh].n == 1 then return say('skip') end
  waiting = waiting + 1
  local free, n = id, 1
  while redis.call('EXISTS', B .. free) == 1 do
    n = n + 1
    free = id .. '-' .. n
  end
  if memory > 0 then redis.call('SET', L .. 'd:' .. r.fp, free .. ':p', 'PX', memory) end
  write(r, free, receipt, rh)
  say('add', free)
end

for i = 9, #ARGV, 4 do
  local receipt, rh, id = ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local r = record(ARGV[i])
  local open = r.st == 'p' or r.st == 'h'
  local stale = now - sent > grace
  -- We may hear of a confirmation late: only a pull that was sent after it can bring the return of what is handled.
  local from = r.st == 'h' and sent or now
  if open and (stale or from < r.open) then
    if r.st == 'h' then
      redis.call('HSET', r.key, 'arm', '0')
      redis.call('ZADD', L .. 'h:' .. src, late, r.fp)
    end
    say('skip')
  elseif stale or (r.st == 'c' and sent <= r.conf) then
    say('skip')
  elseif open then
    renew(r, receipt, rh)
  else
    admit(r, receipt, rh, id)
  end
end

local reply = { redis.call('ZCARD', L .. 'h:' .. src) }
for i, said in ipairs(verdicts) do
  local verdict, id, receipt = said[1], said[2], ''
  if type(verdict) == 'table' then
    id = verdict.id
    if shared(src, verdict) then verdict = 'pending' else verdict, receipt = 'confirm', verdict.receipt end
  end
  reply[i + 1] = { verdict, id, receipt, sure - now, late - now }
end
return reply
