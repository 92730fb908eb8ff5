#!lua flags=allow-oom
-- Records that a person acted on an unfinished event. ARGV: fingerprint, id, first delivery, the words
local id, words, r = ARGV[2], ARGV[4], record(ARGV[1])
if r.id == id and r.life then
  write(r, 'life', lifeWith(r.life, 'o', string.format('%.0f %s', now - r.firstSeen, words)))
  return 1
end
local name, data, life = unpack(redis.call('HMGET', jobKey(id), 'name', 'data', 'life'))
if not name or not data then return 0 end
local text = string.format('%.0f %s', math.max(0, now - tonumber(ARGV[3])), words)
redis.call('HSET', jobKey(id), 'life', lifeWith(life or NO_LIFE, 'o', text))
return 1
