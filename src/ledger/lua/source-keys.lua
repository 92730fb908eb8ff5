-- Joined before every script of a source: the names of its keys, as in src/ledger/keys.ts.
-- KEYS[1]: the prefix of the ledger's keys, KEYS[2]: of BullMQ's. Both carry one hash tag, so a cluster keeps them in
-- one slot.
local ledger, queue = KEYS[1], KEYS[2]
local function eventKey(fp) return ledger .. 'event:' .. fp end
local function pushKey(fp) return ledger .. 'push:' .. fp end
local function unconfirmedKey(src) return ledger .. 'unconfirmed:' .. src end
local function handledKey(src) return ledger .. 'handled:' .. src end
local function confirmedKey() return ledger .. 'confirmed' end
local function forgottenKey(src) return ledger .. 'forgotten:' .. src end
local function receiptsKey(src) return ledger .. 'receipts:' .. src end
local function waitingPushesKey() return ledger .. 'waiting-pushes' end
local function stepsKey(id) return ledger .. 'steps:' .. id end
local function stepOwnersKey() return ledger .. 'step-owners' end
local function bornKey() return ledger .. 'born' end
local function roomKey() return ledger .. 'room' end
local function pullsKey() return ledger .. 'pulls' end
local function lostKey(src) return ledger .. 'lost:' .. src end
local function unfilledKey(src) return ledger .. 'unfilled:' .. src end
local function paceKey(bucket) return ledger .. 'pace:' .. bucket end
local function gatesKey() return ledger .. 'gates' end
local function gateKey(name) return ledger .. 'gate:' .. name end
local function gateEventsKey(name) return ledger .. 'gate-events:' .. name end
local function gatePlacesKey(name) return ledger .. 'gate-places:' .. name end
local function gateWaitsKey(name) return ledger .. 'gate-waits:' .. name end
local function gateBehindKey(name) return ledger .. 'gate-behind:' .. name end
local function gateRestsKey(name) return ledger .. 'gate-rests:' .. name end
local function gateLineKey(line) return ledger .. 'gate-line:' .. line end
local function carriedKey(carrier) return ledger .. 'carried:' .. carrier end
local function livesKey(src) return ledger .. 'lives:' .. src end
local function historyKey() return ledger .. 'history' end
local function pastKey(chunk) return ledger .. 'past:' .. chunk end
local function jobKey(id) return queue .. id end
local function queueKey(list) return queue .. list end
