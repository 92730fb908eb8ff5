-- Records that the pushed event is a job now. ARGV: source, fingerprint, id
movePush(ARGV[1], ARGV[2], ARGV[3], 'reserved', 'queued', 'added')
