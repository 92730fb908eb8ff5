-- Drops the chunks of the history that are beyond its bounds. ARGV: most events that it may hold, the oldest time that
-- it may hold, most chunks to drop. Reply: how many were dropped.
local count, first = unpack(redis.call('HMGET', historyKey(), 'count', 'first'))
if not count then return 0 end
local most, since = tonumber(ARGV[1]), tonumber(ARGV[2])
local last, chunk, dropped = math.floor(tonumber(count) / CHUNK_LINES), tonumber(first or 0), 0

-- True if the whole chunk is older than the first line of the next one.
local function isOver()
  if most == 0 then return chunk <= last end
  if chunk >= last then return false end
  if count - (chunk + 1) * CHUNK_LINES >= most then return true end
  local nextAt = tonumber(string.match(redis.call('LINDEX', pastKey(chunk + 1), 0) or '', '^%d+'))
  return nextAt ~= nil and nextAt < since
end

while dropped < tonumber(ARGV[3]) and isOver() do
  redis.call('UNLINK', pastKey(chunk))
  chunk = chunk + 1
  dropped = dropped + 1
end
if most == 0 and chunk > last then redis.call('DEL', historyKey())
elseif dropped > 0 then redis.call('HSET', historyKey(), 'first', chunk) end
return dropped
