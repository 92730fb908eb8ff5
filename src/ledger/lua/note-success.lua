#!lua flags=allow-oom
-- Stores in the job the attempt in which the handler succeeded, so that a failing archive does not run it again.
-- Without a job there is no next attempt, and nothing is written. ARGV: id, that attempt.
if redis.call('EXISTS', jobKey(ARGV[1])) == 1 then redis.call('HSET', jobKey(ARGV[1]), 'succeededIn', ARGV[2]) end
return 1
