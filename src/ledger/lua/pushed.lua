-- The pushed event is a job now. ARGV: fingerprint, id
movePush(ARGV[1], ARGV[2], 'reserved', 'queued')
