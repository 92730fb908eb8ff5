#!lua flags=allow-oom
-- A replica says that it lives, and hears which others have not said so for too long: each is told once, to one replica.
-- ARGV: its id, how long a word holds in ms, its record, the layout that it knows, then the names of its sources
-- Reply: now, the layout of the data, then the records of those that are taken for gone
local id, holds, record = ARGV[1], tonumber(ARGV[2]), ARGV[3]
-- Again after Redis was emptied.
redis.call('SET', layoutKey(), ARGV[4], 'NX')
local gone = { now, redis.call('GET', layoutKey()) }
if gone[2] ~= ARGV[4] then return gone end
local replicas = redis.call('HGETALL', replicasKey())
for i = 1, #replicas, 2 do
  local seen = tonumber(string.match(replicas[i + 1], '^%d+'))
  if replicas[i] ~= id and math.abs(now - seen) > holds then
    redis.call('HDEL', replicasKey(), replicas[i])
    gone[#gone + 1] = replicas[i + 1]
  end
end
redis.call('HSET', replicasKey(), id, now .. ' ' .. record)
redis.call('PEXPIRE', replicasKey(), holds)
if #ARGV > 4 then redis.call('SADD', sourcesKey(), unpack(ARGV, 5)) end
return gone
