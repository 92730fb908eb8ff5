#!lua flags=allow-oom
-- Places sources on the shards of a cluster. A source stays where it was placed first.
-- ARGV: how many shards there are if that is not decided yet, then per source: its name, the shard that it has to be on
-- ('' for the one with the fewest sources)
-- Reply: how many shards there are, then per source that was ever placed: its name, its shard
local count, shardOf, loads, reply = tonumber(ARGV[1]), {}, {}, {}
local fields = redis.call('HGETALL', shardsKey())
-- While the cluster had one primary, everything was in the first shard.
local isOld = #fields == 0 and redis.call('EXISTS', pulseKey()) == 1

for i = 1, #fields, 2 do
  if fields[i] == 'count' then count = tonumber(fields[i + 1])
  else shardOf[string.sub(fields[i], 4)] = tonumber(fields[i + 1]) end
end
if #fields == 0 then redis.call('HSET', shardsKey(), 'count', count) end
for shard = 0, count - 1 do loads[shard] = 0 end
for _, shard in pairs(shardOf) do loads[shard] = (loads[shard] or 0) + 1 end

-- Of equally loaded shards the last one, since the first one also serves the shared state.
local function leastLoaded()
  local least = count - 1
  for shard = count - 2, 0, -1 do
    if loads[shard] < loads[least] then least = shard end
  end
  return least
end

local function place(source, shard)
  if shardOf[source] then return end
  shard = shard or (isOld and 0) or leastLoaded()
  redis.call('HSET', shardsKey(), 'at:' .. source, shard)
  shardOf[source], loads[shard] = shard, (loads[shard] or 0) + 1
end

if isOld then
  for _, source in ipairs(redis.call('SMEMBERS', sourcesKey())) do place(source) end
end
for i = 2, #ARGV, 2 do place(ARGV[i], tonumber(ARGV[i + 1])) end
for source, shard in pairs(shardOf) do
  reply[#reply + 1] = source
  reply[#reply + 1] = tostring(shard)
end
return { tostring(count), unpack(reply) }
