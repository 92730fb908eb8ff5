-- ARGV: ids of delayed jobs. Reply: what holds each of them, as JSON; '' for one between two attempts
local reply = {}
for i, id in ipairs(ARGV) do reply[i] = heldText(id) or '' end
return reply
