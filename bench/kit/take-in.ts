/** Puts open events into Redis without a vendor, since a simulator cannot hold a million of them. */
import type { Redis } from "ioredis";
import { pino } from "pino";
import { fingerprint } from "../../src/core/fingerprint.ts";
import type { JsonObject } from "../../src/core/event.ts";
import type { Delivery } from "../../src/core/source.ts";
import { createKeys } from "../../src/ledger/keys.ts";
import { claimLayout } from "../../src/ledger/layout.ts";
import { redisTime } from "../../src/ledger/redis-time.ts";
import { createInbox } from "../../src/queue/inbox.ts";

export const KEYS = createKeys("reliable-callback");

const NAME = "tencent-vod";
const SOURCE = {
  name: NAME,
  vendor: NAME,
  windowMs: 3_600_000,
  retentionMs: 345_600_000,
  batchSize: 64,
  maxCallsPerSecond: 1_000,
};

/** `moreOf`: the members of an event beside its type and its file. */
export async function takeIn(
  redis: Redis,
  count: number,
  moreOf: (number: number) => JsonObject,
  signal: AbortSignal,
): Promise<void> {
  await claimLayout(redis, KEYS);
  const inbox = createInbox({
    redis,
    keys: KEYS,
    times: { graceMs: 15_000, callMs: 5_000 },
    attempts: 20,
    maxWaiting: 2 * count,
    subjectsOf: (_, { FileId: id }) => [String(id)],
    historyAs: "bench",
    log: pino({ level: "silent" }),
  });
  for (let taken = 0; taken < count && !signal.aborted; taken += SOURCE.batchSize) {
    const length = Math.min(SOURCE.batchSize, count - taken);
    const deliveries = Array.from({ length }, (_, index) => deliveryOf(taken + index, moreOf(taken + index)));
    await inbox.accept(SOURCE, await redisTime(redis), deliveries);
  }
  await inbox.close();
}

function deliveryOf(number: number, more: JsonObject): Delivery {
  const id = String(5_285_890_784_000_000 + number);
  const body = { EventType: "NewFileUpload", FileId: id, ...more };
  return { receipt: `receipt-${id}`, fingerprint: fingerprint(NAME, body), type: "NewFileUpload", body };
}
