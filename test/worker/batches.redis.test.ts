import { expect, onTestFinished, test } from "vitest";
import { pino } from "pino";
import { z } from "zod";
import { PermanentError } from "../../src/core/errors.ts";
import type { BatchRun, Handler } from "../../src/core/handler.ts";
import { readConfig } from "../../src/config/config.ts";
import type { RedisInbox } from "../../src/queue/inbox.ts";
import { startApp } from "../../src/worker/app.ts";
import { setupRedis } from "../support/redis.ts";

const SUFFIX = "a-suffix-nobody-guesses";
const LINGER_MS = 300;
const log = pino({ level: "silent" });

/** An event that starts a batch takes others along. They are due with it. */
const FIRST_DUE = `
if redis.call('ZCOUNT', KEYS[1] .. 'gate-places:' .. ARGV[1], '-inf', 1e15) > 0 then return '' end
local first = redis.call('ZRANGE', KEYS[1] .. 'gate-waits:' .. ARGV[1], 0, 0, 'WITHSCORES')
local due = first[1] and redis.call('ZSCORE', KEYS[2] .. 'delayed', first[1])
return due and string.format('%.0f', due / 0x1000 - first[2] / 1000) or ''`;

type Seen = { readonly n: number; readonly attempt: number; readonly waitedMs: number };

/** Workers on the same keys. */
function setup(fail: (n: number, attempt: number) => unknown, { size = 8, lingerMs = LINGER_MS } = {}) {
  const { url, prefix, redis, keys } = setupRedis();
  const [ledger, jobs] = keys.keysOf("").scope;
  const settings = { REDIS_URL: url, QUEUE_PREFIX: prefix, CALLBACK_SUFFIX: SUFFIX, PORT: "0", BACKOFF_MS: "50" };
  const batches: (readonly Seen[])[] = [];
  const run: BatchRun["run"] = async (events) => {
    batches.push(
      events.map(({ event, attempt }) => ({
        n: Number(event.body["n"]),
        attempt,
        waitedMs: Date.now() - Date.parse(event.receivedAt),
      })),
    );
    const failures = events.map(({ event, attempt }) => [event.id, fail(Number(event.body["n"]), attempt)] as const);
    return new Map<string, unknown>(failures.filter(([, error]) => error !== undefined));
  };
  const handler: Handler = { vendor: "alibaba-vod", type: "Row", batch: { size, lingerMs, run }, run: () => {} };
  return {
    batches,
    /**
     * For the event that has waited longest: ms from the start of its wait until it is due. Undefined while none waits
     * for others.
     */
    async firstDueAfter(): Promise<number | undefined> {
      const due = z.string().parse(await redis.eval(FIRST_DUE, 2, ledger, jobs, "alibaba-vod Row"));
      return due === "" ? undefined : Number(due);
    },
    async start() {
      const queues: RedisInbox["queue"][] = [];
      const app = await startApp({
        config: readConfig(settings),
        handlers: { list: [handler] },
        log,
        beforeStart: ({ inbox }) => queues.push(inbox.queue),
      });
      onTestFinished(() => app.stop());
      const [queue] = queues;
      if (!queue) throw new Error("the worker has no queue");
      return {
        queue,
        async call(n: number) {
          const body = JSON.stringify({ EventType: "Row", n });
          const to = `${app.url}/callbacks/alibaba-vod/${SUFFIX}`;
          expect((await fetch(to, { method: "POST", body })).status).toBe(200);
        },
      };
    },
  };
}

test("two workers handle events in batches, each event ends by itself, and none waits longer than the linger", async () => {
  const { start, batches, firstDueAfter } = setup((n, attempt) => {
    if (n === 5) return new PermanentError("row 5 is broken");
    return n % 10 === 0 && attempt === 1 ? new Error("busy") : undefined;
  });
  const [one, other] = [await start(), await start()];
  const { queue } = one;
  const rows = Array.from({ length: 40 }, (_, n) => n);
  await Promise.all(rows.map((n) => (n % 2 === 0 ? one : other).call(n)));
  const dues: number[] = [];
  let [lookedAt, longestPauseMs] = [performance.now(), 0];
  const look = async () => {
    const due = await firstDueAfter();
    if (due !== undefined) dues.push(due);
    longestPauseMs = Math.max(longestPauseMs, performance.now() - lookedAt);
    lookedAt = performance.now();
  };
  const ended = async () => {
    await look();
    const { completed = 0, failed = 0 } = await queue.getJobCounts("completed", "failed");
    return [completed, failed];
  };
  await expect.poll(ended, { interval: 5 }).toEqual([39, 1]);

  const runs = batches.flat();
  for (const n of rows) {
    const attempts = runs.filter((run) => run.n === n).map(({ attempt }) => attempt);
    expect(attempts).toEqual(n % 10 === 0 ? [1, 2] : [1]);
  }
  expect(Math.max(...batches.map(({ length }) => length))).toBe(8);
  expect(batches.length).toBeLessThan(20);
  const [parked] = await queue.getFailed();
  expect(parked).toMatchObject({ failedReason: "row 5 is broken", attemptsMade: 1, data: { body: { n: 5 } } });
  expect(parked?.stacktrace).toEqual([expect.stringContaining("PermanentError: row 5 is broken")]);

  await parked?.retry("failed");
  await expect.poll(() => batches.at(-1)?.map(({ n }) => n)).toEqual([5]);

  // If all batches filled before anyone looked, an event alone shows how long the first waits.
  for (let n = rows.length; dues.length === 0; n += 1) {
    await one.call(n);
    await look();
  }
  // The worker puts the lingering event off after a trip to Redis, hence the margin. A busy machine may stop it there.
  expect(Math.max(...dues)).toBeLessThanOrEqual(LINGER_MS + 200 + longestPauseMs);
});

test("a single event of a batch handler starts when its linger is over, and not before", async () => {
  const { start, batches } = setup(() => undefined);
  const { call } = await start();
  await call(1);
  await expect.poll(() => batches.length).toBe(1);

  const [wait = 0] = batches.flat().map(({ waitedMs }) => waitedMs);
  expect(wait).toBeGreaterThanOrEqual(LINGER_MS - 5);
});
