#!lua flags=allow-oom
-- ARGV: id, the attempt in which its handler succeeded. Without a job there is no next attempt that could read it.
if redis.call('EXISTS', jobKey(ARGV[1])) == 1 then redis.call('HSET', jobKey(ARGV[1]), 'succeededIn', ARGV[2]) end
return 1
