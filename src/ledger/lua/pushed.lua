-- The pushed event is a job now. ARGV: fingerprint, id
turnPushed(ARGV[1], ARGV[2], 'r', 'a')
