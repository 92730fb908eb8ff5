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

-- value: the member's score or the field's value, if the command takes one.
local function gather(command, key, member, value)
  local words = gathered[key]
  if not words then
    words = {}
    gathered[key] = words
  end
  words[member] = { command, value }
end

local function writeGathered()
  for key, words in pairs(gathered) do
    local calls = {}
    for member, word in pairs(words) do
      local command, value = word[1], textOf(word[2])
      local call = calls[command] or { command, key }
      calls[command] = call
      if command == 'ZADD' then call[#call + 1] = value end
      call[#call + 1] = member
      if command == 'HSET' then call[#call + 1] = value end
    end
    for _, call in pairs(calls) do redis.call(unpack(call)) end
  end
  gathered = {}
end
