import { UnrecoverableError } from "bullmq";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { fingerprint } from "../../src/core/fingerprint.ts";
import { groupedLog } from "../support/grouped-log.ts";
import { operatorOnRedis } from "../support/operator-on-redis.ts";
import { inboxOnRedis, workerByHand } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";

const source = sourceTerms();
const ERROR = "the catalogue knows no event";
/** `GROUP_EVENTS=20000` gives as many events as a bad night leaves. */
const EVENTS = Number(process.env["GROUP_EVENTS"] ?? 1_000);
const BATCH = 64;

function setup() {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 15_000, callMs: 5_000 }, maxWaiting: 2 * EVENTS });
  const { next } = workerByHand({ redis, keys });
  onTestFinished(() => inbox.close());
  const lines: string[] = [];
  const log = groupedLog(pino({}, { write: (line: string) => void lines.push(line) }));
  const { desk } = operatorOnRedis({ redis, inbox, source, log });
  const { queue, job } = keys.keysOf(source.name);
  return { redis, desk, next, takeMany, parkAll, waiting, fail, lines };

  async function takeMany(count: number): Promise<void> {
    for (let from = 0; from < count; from += BATCH) {
      const deliveries = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => {
        const body = { EventType: "NewFileUpload", FileId: `f${from + index}` };
        return {
          receipt: `h-${from + index}`,
          fingerprint: fingerprint(source.name, body),
          type: "NewFileUpload",
          body,
        };
      });
      await inbox.accept(source, await inbox.turn(source, "pull"), deliveries);
    }
  }

  /** Parks all events as BullMQ does, but many at once. The latest arrivals are parked first. */
  async function parkAll(): Promise<readonly string[]> {
    const ids = (await waiting()).toReversed();
    const now = Date.now();
    const all = redis.pipeline().del(queue("wait"));
    for (const [index, id] of ids.entries()) {
      const at = now - 60_000 - index;
      all.zadd(queue("failed"), at, id);
      all.hset(job(id), { failedReason: `${ERROR} ${id}`, finishedOn: at, atm: 1 });
    }
    await all.exec();
    return ids;
  }

  /** The ids of waiting events. The one that is started last comes first. */
  async function waiting(): Promise<readonly string[]> {
    return await redis.lrange(queue("wait"), 0, -1);
  }

  async function fail(error: string): Promise<void> {
    await (await next()).moveToFailed(new UnrecoverableError(error), "test");
  }
}

test(
  `a group of ${EVENTS} events is retried, oldest first, and the desk reports the progress`,
  { timeout: 300_000 },
  async () => {
    const { desk, takeMany, parkAll, waiting } = setup();
    await takeMany(EVENTS);
    const ids = await parkAll();
    const [group] = await desk.groups();
    expect(group).toMatchObject({ count: EVENTS, error: `${ERROR} #`, sample: { state: "parked" } });
    if (!group) throw new Error("no group");

    const told: (readonly [number, number])[] = [];
    const retried = await desk.retryGroup(group, undefined, (looked, total) => void told.push([looked, total]));

    expect(retried).toBe(EVENTS);
    expect(new Set(told.map(([, total]) => total))).toEqual(new Set([EVENTS]));
    const steps = told.map(([looked]) => looked);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(steps.length).toBeGreaterThan(EVENTS / 100);
    expect(steps.at(-1)).toBe(EVENTS);
    // Events that were accepted together have no order.
    const place = new Map(ids.map((id, index) => [id, Math.floor(index / BATCH)]));
    const places = (await waiting()).toReversed().map((id) => place.get(id));
    expect(places).toEqual([...place.values()].toSorted((a, b) => a - b));
    expect(await desk.groups()).toEqual([]);
  },
);

test("three people who retry a group at once give each of its events one attempt", async () => {
  const { desk, takeMany, parkAll, waiting } = setup();
  await takeMany(200);
  const ids = await parkAll();
  const [group] = await desk.groups();
  if (!group) throw new Error("no group");

  const counts = await Promise.all([1, 2, 3].map(() => desk.retryGroup(group)));

  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(200);
  expect((await waiting()).toSorted()).toEqual(ids.toSorted());
});

test("a group's retries are one line in the log, however many there are", async () => {
  const { desk, takeMany, parkAll, lines } = setup();
  await takeMany(50);
  await parkAll();
  const [group] = await desk.groups();
  if (!group) throw new Error("no group");

  expect(await desk.retryGroup(group)).toBe(50);

  expect(lines.filter((line) => line.includes("retried by hand"))).toHaveLength(1);
});

test("a retry that is stopped leaves the rest parked, and a new one continues with them", async () => {
  const { desk, takeMany, parkAll, waiting } = setup();
  await takeMany(100);
  const ids = await parkAll();
  const [group] = await desk.groups();
  if (!group) throw new Error("no group");
  const stop = new AbortController();

  const first = await desk.retryGroup(group, stop.signal, () => stop.abort());
  expect(first).toBeLessThan(100);
  expect(await desk.groups()).toMatchObject([{ count: 100 - first }]);

  expect(await desk.retryGroup(group)).toBe(100 - first);
  expect((await waiting()).toSorted()).toEqual(ids.toSorted());
});

test("an event that fails again for another reason moves to another group", async () => {
  const { desk, takeMany, parkAll, fail } = setup();
  await takeMany(3);
  await parkAll();
  const [group] = await desk.groups();
  if (!group) throw new Error("no group");

  await desk.retryGroup(group);
  await fail("no such bucket");
  await fail(`${ERROR} 4711`);

  expect(await desk.groups()).toMatchObject([
    { count: 1, error: "no such bucket" },
    { count: 1, error: `${ERROR} #` },
  ]);
});
