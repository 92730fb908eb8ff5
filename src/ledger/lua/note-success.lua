#!lua flags=allow-oom
-- ARGV: id, the attempt in which its handler succeeded. Without a job no next attempt could read it, so nothing is
-- written.
if redis.call('EXISTS', jobKey(ARGV[1])) == 1 then redis.call('HSET', jobKey(ARGV[1]), 'succeededIn', ARGV[2]) end
return 1
