/** Takes in many events that wait for a limit. It uses the same inbox and the same scripts as a worker that pulls. */
import type { Redis } from "ioredis";
import { pino } from "pino";
import { fingerprint } from "../../../src/core/fingerprint.ts";
import { createSubjectsOf } from "../../../src/desk/subjects.ts";
import type { Keys } from "../../../src/ledger/keys.ts";
import { redisTime } from "../../../src/ledger/redis-time.ts";
import { createInbox } from "../../../src/queue/inbox.ts";
import { tencentVod } from "../../../src/vendors/tencent-vod/index.ts";
import { sourceTerms } from "../../support/source-terms.ts";
import { HELD_TYPE } from "./cast.ts";

const BATCH = 64;

type Held = {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly count: number;
  readonly windowMs: number;
  readonly bodyOf: (number: number) => Readonly<Record<string, unknown>>;
};

export async function holdMany({ redis, keys, count, windowMs, bodyOf }: Held): Promise<void> {
  const source = sourceTerms({ windowMs, batchSize: BATCH });
  const limits = { name: `${source.vendor} ${HELD_TYPE}`, isOrdered: false, concurrency: 1 };
  const inbox = createInbox({
    redis,
    keys,
    times: { graceMs: 15_000, callMs: 5_000 },
    attempts: 20,
    maxWaiting: 2 * count,
    limitsOf: () => ({ limits }),
    subjectsOf: createSubjectsOf(new Map([[source.vendor, tencentVod.subjects]])),
    historyAs: "the stage",
    log: pino({ level: "silent" }),
  });
  for (let from = 0; from < count; from += BATCH) {
    const deliveries = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => {
      const body = bodyOf(from + index);
      const receipt = `held-${from + index}`;
      return { receipt, fingerprint: fingerprint(source.name, body), type: HELD_TYPE, body };
    });
    await inbox.accept(source, await redisTime(redis), deliveries);
  }
  await inbox.close();
}
