-- A page of the history, the newest first. ARGV: the number of the line before which it begins ('' at the newest), how
-- many chunks to look at, how many lines to return, the words in lower case that a line must hold
-- Reply: the number before which the next page begins (0 at the end), then each line behind its number
local count, first = unpack(redis.call('HMGET', historyKey(), 'count', 'first'))
local before, chunks, most = tonumber(ARGV[1]) or tonumber(count or 0), tonumber(ARGV[2]), tonumber(ARGV[3])
local page, oldest = { 0 }, tonumber(first or 0)

local function has(text)
  text = string.lower(text)
  for i = 4, #ARGV do
    if not string.find(text, ARGV[i], 1, true) then return false end
  end
  return true
end

while before > 0 do
  local chunk = math.floor((before - 1) / CHUNK_LINES)
  if chunk < oldest then return page end
  chunks = chunks - 1
  if chunks < 0 then break end
  local text = table.concat(redis.call('LRANGE', pastKey(chunk), 0, -1), '\n')
  if has(text) then
    local lines = {}
    for line in string.gmatch(text, '[^\n]+') do lines[#lines + 1] = line end
    for i = math.min(#lines, before - chunk * CHUNK_LINES), 1, -1 do
      if has(lines[i]) then
        page[#page + 1] = { chunk * CHUNK_LINES + i - 1, lines[i] }
        if #page > most then
          page[1] = chunk * CHUNK_LINES + i - 1
          return page
        end
      end
    end
  end
  before = chunk * CHUNK_LINES
end
page[1] = before
return page
