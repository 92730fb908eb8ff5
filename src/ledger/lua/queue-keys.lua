-- Joined before the scripts that know the queue alone: the names of its keys, as in src/ledger/keys.ts. KEYS[1]: their
-- prefix.
local queue = KEYS[1]
local function jobKey(id) return queue .. id end
local function queueKey(list) return queue .. list end
