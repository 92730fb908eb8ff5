/** `lua/jobs.lua` must change jobs exactly as BullMQ does. These tests compare both byte by byte. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { eventId } from "../../src/core/fingerprint.ts";
import type { Delivery } from "../../src/core/source.ts";
import { again, delivery } from "../contracts/inbox-trial.ts";
import { PROJECT } from "../support/process.ts";
import { queueData, queueDataWithoutEvents } from "../support/queue-data.ts";
import { inboxOnRedis, jobsByHand } from "../support/redis-inbox.ts";
import { setupRedis, startOwnRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";
import { eventOf } from "../worker/context.ts";

const source = sourceTerms();
const TIMES = { graceMs: 15_000, callMs: 5_000 };
const BULLMQ = join(PROJECT, "node_modules/bullmq");

/** The version of BullMQ that `lua/jobs.lua` and `lua/move-jobs.lua` copy, with hashes of its scripts. */
const WRITTEN_AFTER = {
  version: "6.7.0",
  addStandardJob: "14f76771f7ff5f4233662893550a196585cd7c2a862d8370fe4ff63fab2834a1",
  moveToActive: "690e6c5f3e786ddf5c4d536e3339b946f3ab335397953f8ccf6be875bbec8832",
  moveToFinished: "2640504bbf676a7408a3d54330522cba155ad87919ee5c0325a9a341ba43c7c3",
  removeJob: "2eff81d60dd5df346a4d40f18f3d14affa8bf045237f12c9213f407cc1e9a079",
};

const { id: _id, ...DATA } = eventOf();
const [one, two] = [delivery(source, "one"), delivery(source, "two \u{1f4fc} \ud800 \u0000 \\/\"'\n")];

// Both sides write the time into each job, so the clock must stand still.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 1, 12, 0, 0, 123) });
  return () => vi.useRealTimers();
});

test.for<[string, (side: Side) => Promise<unknown>]>([
  ["a queue that was never used", async () => {}],
  ["a queue in which jobs wait", ({ queue }) => queue.add("other", DATA, { jobId: "ev-other" })],
  ["a paused queue", ({ queue }) => queue.pause()],
  [
    "a queue whose every place is taken",
    async ({ queue, redis, key }) => {
      await queue.setGlobalConcurrency(2);
      await redis.lpush(key("active"), "a", "b");
    },
  ],
  [
    "a queue one of whose places is free",
    async ({ queue, redis, key }) => {
      await queue.setGlobalConcurrency(2);
      await redis.lpush(key("active"), "a");
    },
  ],
  [
    "a queue at its rate limit",
    async ({ queue, redis, key }) => {
      await queue.setGlobalRateLimit(1, 60_000);
      await redis.set(key("limiter"), 1);
    },
  ],
  [
    "a queue with delayed jobs",
    async ({ queue }) => await queue.add("later", DATA, { jobId: "ev-later", delay: 60_000 }),
  ],
  ["an emptied Redis", async ({ redis, key }) => await redis.del(key("meta"))],
])("accept adds jobs to %s as BullMQ's addBulk does, but without its events", async ([, prepare]) => {
  const [theirs, ours] = [await openSide(), await openSide()];
  for (const side of [theirs, ours]) await prepare(side);

  for (const pulled of [[one, two], [delivery(source, "three", "r3")]]) {
    await theirs.queue.addBulk(pulled.map((each) => jobOf(each, idOf(each))));
    expect(await ours.accept(...pulled)).toEqual(pulled.map(() => "add"));
  }

  expect(await ours.silent()).toEqual(await theirs.silent());
});

test.for<[string, (jobs: ReturnType<typeof jobsByHand>, id: string) => Promise<void>]>([
  ["waits", async () => {}],
  ["is completed", (jobs, id) => jobs.finish(id)],
  ["has failed", (jobs, id) => jobs.park(id)],
])("if a job with this id exists and %s, it is left alone, and the new one gets another id", async ([, bring]) => {
  const [theirs, ours] = [await openSide(), await openSide()];
  for (const side of [theirs, ours]) {
    await side.queue.add("earlier", DATA, { jobId: idOf(one) });
    const jobs = jobsByHand(side);
    await bring(jobs, idOf(one));
    await jobs.close();
  }

  await theirs.queue.addBulk([jobOf(one, `${idOf(one)}-2`)]);
  expect(await ours.accept(one)).toEqual(["add"]);

  expect(await ours.silent()).toEqual(await theirs.silent());
});

test("an event that comes twice in one pull, which took longer than the window, is added once", async () => {
  const { inbox, queue } = await openSide();
  const short = sourceTerms({ windowMs: 100 });
  const sent = (await inbox.turn(short, "pull")) - 1_000;
  const { acceptances } = await inbox.accept(short, sent, [one, again(one)]);
  expect(acceptances.map(({ verdict }) => verdict)).toEqual(["add", "renew"]);
  expect(await queue.getWaitingCount()).toBe(1);
});

test("jobs that accept adds wake a blocked worker", async () => {
  const { url, keys } = await startOwnRedis();
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  const inbox = inboxOnRedis({ redis, keys, times: TIMES });
  const started: string[] = [];
  const worker = new Worker(keys.queue.name, async ({ id = "" }) => void started.push(id), {
    connection: redis,
    prefix: keys.queue.prefix,
    drainDelay: 60,
  });
  onTestFinished(async () => {
    await worker.close();
    await inbox.close();
    redis.disconnect();
  });
  const isBlocked = async () => String(await redis.client("LIST")).includes("cmd=bzpopmin");
  await expect.poll(isBlocked).toBe(true);

  await inbox.accept(source, await inbox.turn(source, "pull"), [one, two]);

  await expect.poll(() => started).toEqual([idOf(one), idOf(two)]);
});

test("discard removes a job as BullMQ does", async () => {
  const [theirs, ours] = [await openSide(), await openSide()];
  for (const side of [theirs, ours]) await side.accept(one, two);

  await (await theirs.queue.getJob(idOf(one)))?.remove();
  const { outcome } = await ours.inbox.discard({ source: source.name, fingerprint: one.fingerprint, id: idOf(one) });

  expect(outcome).toBe("given up");
  expect(await ours.all()).toEqual(await theirs.all());
});

test("the BullMQ scripts that ours copy have not changed", () => {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(read("package.json")));
  const found = {
    version,
    addStandardJob: hash("scripts/addStandardJob-9.js"),
    moveToActive: hash("scripts/moveToActive-11.js"),
    moveToFinished: hash("scripts/moveToFinished-14.js"),
    removeJob: hash("scripts/removeJob-2.js"),
  };
  const advice =
    "BullMQ changed. Compare its new addStandardJob-9, removeJob-2, moveToActive-11 and moveToFinished-14 (node_modules/bullmq/dist/cjs/scripts) with the old ones, " +
    "carry what changed over into src/ledger/lua/jobs.lua and move-jobs.lua, and only then write the new values here";
  expect(found, advice).toEqual(WRITTEN_AFTER);
});

type Side = Awaited<ReturnType<typeof openSide>>;

async function openSide() {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times: TIMES });
  onTestFinished(() => inbox.close());
  const { queue } = inbox;
  await queue.waitUntilReady();
  const key = keys.keysOf("").queue;
  return {
    redis,
    keys,
    inbox,
    queue,
    key,
    async accept(...deliveries: readonly Delivery[]) {
      const { acceptances } = await inbox.accept(source, await inbox.turn(source, "pull"), deliveries);
      return acceptances.map(({ verdict }) => verdict);
    },
    all: () => queueData(redis, key("")),
    silent: () => queueDataWithoutEvents(redis, key("")),
  };
}

function idOf({ receipt, fingerprint }: Delivery): string {
  return eventId(source.name, receipt, fingerprint);
}

function jobOf({ type, fingerprint, body }: Delivery, jobId: string) {
  const { vendor, name } = source;
  const about = { vendor, source: name, door: "pull" as const, type };
  return { name: type, data: { ...about, receivedAt: new Date().toISOString(), fingerprint, body }, opts: { jobId } };
}

function read(path: string): string {
  return readFileSync(join(BULLMQ, path), "utf8");
}

function hash(script: string): string {
  return createHash("sha256")
    .update(read(`dist/cjs/${script}`))
    .digest("hex");
}
