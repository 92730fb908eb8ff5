/** Makes parked events older, so that nobody has to wait for hours. */
import type { Redis } from "ioredis";
import type { Keys } from "../../../src/ledger/keys.ts";

/** KEYS: failed, unconfirmed. ARGV: the prefix of job keys, the prefix of record keys, a type, the shift in ms, the jobs. */
const SHIFT = `
local by = tonumber(ARGV[4])
for i = 5, #ARGV do
  local job = ARGV[1] .. ARGV[i]
  local found = redis.call('HMGET', job, 'name', 'data', 'finishedOn')
  if found[1] == ARGV[3] then
    local record = ARGV[2] .. string.match(found[2], '"fingerprint":"([%w_-]+)"')
    local first = redis.call('HGET', record, 'firstSeen') - by
    redis.call('HSET', record, 'firstSeen', string.format('%.0f', first))
    redis.call('ZADD', KEYS[2], first, string.sub(record, #ARGV[2] + 1))
    redis.call('HSET', job, 'finishedOn', string.format('%.0f', found[3] - by))
    redis.call('ZINCRBY', KEYS[1], -by, ARGV[i])
  end
end`;

const AT_ONCE = 500;

export async function shiftParked(redis: Redis, { keysOf }: Keys, type: string, byMs: number): Promise<void> {
  const { queue, unconfirmed, job, event } = keysOf("tencent-vod");
  const ids = await redis.zrange(queue("failed"), "0", "-1");
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    await redis.eval(SHIFT, 2, queue("failed"), unconfirmed, job(""), event(""), type, byMs, ...some);
  }
}
