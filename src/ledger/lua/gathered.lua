-- Joined before every script of a source. Writes about many events under one key become one command at the script's
-- end. The last write of a member or a field counts.
local gathered = {}

-- Redis writes each number of a command anew, and most numbers are equal for all events of a script.
local texts = {}

local function textOf(value)
  if type(value) ~= 'number' then return value end
  texts[value] = texts[value] or string.format('%.17g', value)
  return texts[value]
end

-- The commands of a key: the one that stores members, and the one that drops them.
local stores, drops = {}, {}

-- value: the member's score or the field's value. Nil to drop the member.
local function gather(command, key, member, value)
  local members = gathered[key]
  if not members then
    members = {}
    gathered[key] = members
  end
  members[member] = value or false
  if value then stores[key] = command else drops[key] = command end
end

local function writeGathered()
  for key, members in pairs(gathered) do
    local stored, dropped, last, lastDropped = { stores[key], key }, { drops[key], key }, 2, 2
    local isSorted = stores[key] == 'ZADD'
    for member, value in pairs(members) do
      if not value then
        lastDropped = lastDropped + 1
        dropped[lastDropped] = member
      else
        local text = textOf(value)
        stored[last + 1], stored[last + 2] = isSorted and text or member, isSorted and member or text
        last = last + 2
      end
    end
    if last > 2 then redis.call(unpack(stored)) end
    if lastDropped > 2 then redis.call(unpack(dropped)) end
  end
  gathered = {}
end
