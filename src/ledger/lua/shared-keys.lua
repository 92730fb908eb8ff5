-- Joined before every script of shared state: the names of its keys, as in src/ledger/keys.ts. KEYS[1]: their prefix.
local shared = KEYS[1]
local function quotaKey(name) return shared .. 'quota:' .. name end
local function turnsKey(name) return shared .. 'turns:' .. name end
local function sourcesKey() return shared .. 'sources' end
local function layoutKey() return shared .. 'layout' end
local function replicasKey() return shared .. 'replicas' end
local function seriesKey(step) return shared .. 'series:' .. step end
local function pulseKey() return shared .. 'pulse' end
local function shardsKey() return shared .. 'shards' end
