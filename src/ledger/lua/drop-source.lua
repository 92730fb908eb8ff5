-- Forgets a source without any data, unless a living replica has it configured.
-- ARGV: source, how long a replica's heartbeat is valid in ms. Reply: 1 if it was dropped.
for _, word in ipairs(redis.call('HVALS', replicasKey())) do
  local seen, record = string.match(word, '^(%d+) (.*)$')
  if math.abs(now - tonumber(seen)) <= tonumber(ARGV[2]) then
    for _, source in ipairs(cjson.decode(record).sources or {}) do
      if source == ARGV[1] then return 0 end
    end
  end
end
return redis.call('SREM', sourcesKey(), ARGV[1])
