/** `lua/jobs.lua` ends the attempts of carried events. The result must equal that of BullMQ for a running job. */
import { UnrecoverableError } from "bullmq";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { fingerprint } from "../../src/core/fingerprint.ts";
import type { Outcome } from "../../src/core/runs.ts";
import { createGate } from "../../src/ledger/gate.ts";
import { addCommonOptions } from "../../src/queue/jobs.ts";
import { inboxOnRedis, takeIn, workerByHand } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";

const source = sourceTerms();
const limits = { name: "tencent-vod NewFileUpload", isOrdered: false, batch: { size: 2, lingerMs: 60_000 } };
/** The pause that `workerByHand` sets for every job. */
const PAUSE_MS = 60_000;
const LOCK = "test";
const SOON_MS = 30_000;

const Data = z.record(z.string(), z.unknown());

const broken = named(new UnrecoverableError("broken"));
const busy = named(new Error("busy"));

test.for<[Outcome["kind"] | "put off", Outcome, (job: ActiveJob) => Promise<unknown>]>([
  ["handled", { kind: "handled" }, (job) => job.moveToCompleted("handled", LOCK, false)],
  ["parked", { kind: "parked", error: broken }, (job) => job.moveToFailed(broken, LOCK)],
  ["retry", { kind: "retry", error: busy, afterMs: PAUSE_MS }, (job) => job.moveToFailed(busy, LOCK)],
  [
    "put off",
    { kind: "retry", error: busy, afterMs: PAUSE_MS, usesAttempt: false },
    (job) => job.moveToDelayed(Date.now() + PAUSE_MS, LOCK),
  ],
])(
  "an event of a batch that ends as %s leaves the same job as one that BullMQ ends itself",
  async ([, outcome, end]) => {
    const theirs = setup();
    const { id } = await theirs.take("b");
    await end(await theirs.start());

    const ours = setup(() => ({ limits }));
    const carrier = await ours.take("a");
    const member = await ours.take("b");
    await ours.gate.look(limits);
    await ours.start();
    expect(await ours.gate.enter(carrier, { limits }, false)).toMatchObject({ carried: [{ event: { id } }] });
    await ours.gate.endCarried(carrier, limits, [{ id: member.id, outcome }]);

    expect(member.id).toBe(id);
    const [job, told] = [await theirs.told(id), await ours.told(id)];
    expect(told).toEqual(job);
    // Without this check, two empty results would also be equal.
    expect(Object.keys(job.hash).length).toBeGreaterThan(7);
  },
);

type ActiveJob = Awaited<ReturnType<ReturnType<typeof setup>["start"]>>;

function setup(limitsOf?: Parameters<typeof inboxOnRedis>[0]["limitsOf"]) {
  const { redis, keys } = setupRedis();
  const times = { graceMs: 15_000, callMs: 5_000 };
  const inbox = inboxOnRedis({ redis, keys, times, ...(limitsOf && { limitsOf }) });
  onTestFinished(() => inbox.close());
  const { next } = workerByHand({ redis, keys }, "replica-1");
  const { job: jobKey, queue: list } = keys.keysOf(source.name);
  return {
    gate: createGate(redis, keys),
    async take(file: string) {
      const body = { EventType: "NewFileUpload", FileId: file };
      const about = { receipt: `h-${file}`, fingerprint: fingerprint(source.name, body), type: "NewFileUpload", body };
      return await takeIn(inbox, source, about);
    },
    async start() {
      const job = await next();
      addCommonOptions(job);
      job.opts.attempts = job.attemptsMade + 2;
      return job;
    },
    /** The job's hash and its list. Times are reduced to "about now" or "about the end of the pause". */
    async told(id: string) {
      const { data = "", ...hash } = await redis.hgetall(jobKey(id));
      const { receivedAt: _, ...known } = Data.parse(JSON.parse(data));
      const byName = Object.fromEntries(
        ["timestamp", "processedOn", "finishedOn"].flatMap((name) => {
          const ms = hash[name];
          return ms === undefined ? [] : [[name, aboutNow(Number(ms))]];
        }),
      );
      const delay = hash.delay === undefined ? {} : { delay: aboutPause(Number(hash.delay)) };
      const lists = ["completed", "failed", "delayed"].map(async (name) => {
        const score = await redis.zscore(list(name), id);
        if (score === null) return [];
        const ms = name === "delayed" ? Number(score) / 0x1000 - PAUSE_MS : Number(score);
        return [`${name} ${aboutNow(ms)}`];
      });
      return { data: known, hash: { ...hash, ...byName, ...delay }, lists: (await Promise.all(lists)).flat() };
    },
  };
}

function aboutNow(ms: number): string {
  return Math.abs(ms - Date.now()) < SOON_MS ? "now" : `at ${ms}`;
}

/** BullMQ takes the pause as a moment, so a millisecond may have passed when it counts back. */
function aboutPause(ms: number): string {
  return ms > 0 && Math.abs(ms - PAUSE_MS) < SOON_MS ? "the pause" : `${ms} ms`;
}

function named<E extends Error>(error: E): E {
  error.stack = `${error.name}: ${error.message}\n    at a handler`;
  return error;
}
