#!lua flags=allow-oom
-- A replica reports that it is alive, and learns which others have been silent too long. Each silent replica is
-- reported once, to one replica. The replica also detects whether the data has gone back in time: then there are fewer
-- heartbeats than it knows of. The first replica that finds this records and counts the loss for the others.
-- ARGV: its id, how long a heartbeat is valid in ms, its record, the layout that it knows, how many heartbeats and
-- losses of data it knows of, the cause to record if data was lost since its last heartbeat, then the names of its
-- sources
-- Reply: now, the layout of the data, the pulse, then the records of the replicas that count as gone
-- The pulse: heartbeats, losses, '1' if this replica found the last loss, its start ('' if all data is lost), end and
-- cause, how often an operator limited a handler
local id, holds, record = ARGV[1], tonumber(ARGV[2]), ARGV[3]
-- Written again after Redis was emptied.
redis.call('SET', layoutKey(), ARGV[4], 'NX')
local layout = redis.call('GET', layoutKey())
if layout ~= ARGV[4] then return { now, layout } end

local function beat(knownBeats, knownLosses, cause)
  local f = redis.call('HMGET', pulseKey(), 'beats', 'at', 'losses', 'from', 'until', 'cause', 'words')
  local beats, losses = tonumber(f[1] or 0), tonumber(f[3] or 0)
  local lost = { f[4] or '', f[5] or '', f[6] or '' }
  local isBack = knownLosses > losses or (knownLosses == losses and knownBeats > beats)
  if isBack then
    beats, losses = math.max(beats, knownBeats), knownLosses + 1
    lost = { f[2] or '', string.format('%.0f', now), cause }
    redis.call('HSET', pulseKey(), 'losses', losses, 'from', lost[1], 'until', lost[2], 'cause', lost[3])
  end
  beats = beats + 1
  redis.call('HSET', pulseKey(), 'beats', beats, 'at', string.format('%.0f', now))
  return { beats, losses, isBack and '1' or '0', lost[1], lost[2], lost[3], tonumber(f[7] or 0) }
end

local reply = { now, layout, beat(tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]) }
local replicas = redis.call('HGETALL', replicasKey())
for i = 1, #replicas, 2 do
  local seen = tonumber(string.match(replicas[i + 1], '^%d+'))
  if replicas[i] ~= id and math.abs(now - seen) > holds then
    redis.call('HDEL', replicasKey(), replicas[i])
    reply[#reply + 1] = replicas[i + 1]
  end
end
redis.call('HSET', replicasKey(), id, now .. ' ' .. record)
redis.call('PEXPIRE', replicasKey(), holds)
if #ARGV > 7 then redis.call('SADD', sourcesKey(), unpack(ARGV, 8)) end
return reply
