#!lua flags=allow-oom
-- Records that a person acted on an unfinished event. ARGV: source, fingerprint, id, first delivery,
-- the words
local src, id, words, r = ARGV[1], ARGV[3], ARGV[5], record(ARGV[2])
if r.id == id and lifeOf(src, r.fp, id) then
  noteLife(src, r, 'o', words)
  return 1
end
local name, data, life = unpack(redis.call('HMGET', jobKey(id), 'name', 'data', 'life'))
if not name or not data then return 0 end
life = withEntry(life or newLife(id, name, data), 'o', now - tonumber(ARGV[4]), words)
redis.call('HSET', jobKey(id), 'life', life)
return 1
