#!lua flags=allow-oom
-- Stores the vendor's answers to confirmations.
-- ARGV: grace, this replica ('' where no history is kept), then per event: source, fingerprint, id, receipt,
-- 'confirmed', 'presumed' or 'dead', how many calls had no answer before
local grace, replica = tonumber(ARGV[1]), ARGV[2]
local FIRST, WIDTH = 3, 6

-- Returns all handled events with this receipt, and whether it was sent twice.
local function dueUnder(src, r)
  local due, isGivenTwice = {}, false
  for _, fp in ipairs(carriers(src, r.receiptHash)) do
    local one = record(fp)
    if one.state == 'handled' and one.receipt == r.receipt then
      due[#due + 1] = one
      isGivenTwice = isGivenTwice or one.givenTwice == '1'
    end
  end
  return due, isGivenTwice
end

for i = FIRST, #ARGV, WIDTH do
  local r = record(ARGV[i + 1])
  if r.receiptHash then want(ARGV[i], r.receiptHash) end
  if r.state == 'handled' then wantLife(ARGV[i], r.fp) end
end
if replica == '' then
  for src in pairs(wantedLives) do noLives(src) end
end

for i = FIRST, #ARGV, WIDTH do
  local src, id, receipt, outcome, unanswered = ARGV[i], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5]
  local r = record(ARGV[i + 1])
  -- A refused receipt that an extension may have replaced proves nothing. The new one is confirmed, or the event comes
  -- back.
  local isKnown = r.state == 'handled' and r.id == id and r.receipt == receipt
  if isKnown and (outcome == 'confirmed' or r.extending ~= '1') then
    local due, isGivenTwice = dueUnder(src, r)
    -- Of two calls with this receipt, the other one took effect. That is certain inside the window, and possible after
    -- it.
    if outcome == 'dead' and isGivenTwice then outcome = now < r.openUntil and 'presumed' or 'unknown' end
    for _, one in ipairs(due) do
      if unanswered ~= '0' then noteLife(src, one, 'c', 'unanswered ' .. unanswered) end
      if outcome == 'dead' then
        noteLife(src, one, 'c', 'refused')
        write(one, 'returnsFrom', 0)
      elseif outcome ~= 'unknown' then setConfirmed(src, one, grace, 'taken') end
    end
  end
end
