import { UnrecoverableError } from "bullmq";
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import type { EventRef } from "../../src/core/event.ts";
import { bindScript, scriptText } from "../../src/ledger/scripts.ts";
import type { Keys } from "../../src/ledger/keys.ts";
import { addCommonOptions } from "../../src/queue/jobs.ts";
import { delivery } from "../contracts/inbox-trial.ts";
import { inboxOnRedis, takeIn, workerByHand } from "../support/redis-inbox.ts";
import { setupRedis, startOwnRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";

const source = sourceTerms();
const TIMES = { graceMs: 15_000, callMs: 5_000 };
/** The script without its flags, which Redis before 7 does not know. */
const PLAIN = scriptText("source", "discard").replace(/^#!.*\n/, "");

function setup(redis: Redis, keys: Keys) {
  const inbox = inboxOnRedis({ redis, keys, times: TIMES });
  const { next: take } = workerByHand({ redis, keys });
  onTestFinished(() => inbox.close());
  async function add(content: string) {
    const one = delivery(source, content);
    return await takeIn(inbox, source, one);
  }
  /** Brings the only job into a state. */
  const into = {
    wait: async () => {},
    paused: () => inbox.queue.pause(),
    async delayed() {
      const job = await take();
      addCommonOptions(job);
      job.opts.attempts = 2;
      await job.moveToFailed(new Error("not now"), "test");
    },
    async failed() {
      await (await take()).moveToFailed(new UnrecoverableError("hopeless"), "test");
    },
  };
  const record = async (fingerprint: string) => await redis.hgetall(keys.keysOf(source.name).event(fingerprint));
  return { inbox, add, take, into, record };
}

test.for(["wait", "paused", "delayed", "failed"] as const)(
  "discarding a job that is %s removes it as BullMQ does, including BullMQ's event",
  async (state) => {
    const byHand = await removedBy(async (inbox, event) => await (await inbox.queue.getJob(event.id))?.remove());
    const byUs = await removedBy(async (inbox, event) => void (await inbox.discard(event)));
    expect(byUs).toEqual(byHand);
    expect(byUs.told).toContainEqual(["event", "removed", "jobId", "ID", "prev", state === "paused" ? "wait" : state]);

    /** All of BullMQ's data in Redis after one job was removed. */
    async function removedBy(remove: (inbox: ReturnType<typeof setup>["inbox"], event: EventRef) => Promise<void>) {
      const { redis, keys } = setupRedis();
      const { inbox, add, into } = setup(redis, keys);
      const event = await add("f1");
      await into[state]();
      await (await inbox.queue.getJob(event.id))?.log("a line");
      await remove(inbox, event);
      const queue = keys.keysOf(source.name).queue("");
      const entries = await redis.xrange(`${queue}events`, "-", "+");
      return {
        keys: (await redis.keys(`${queue}*`)).map((key) => key.slice(queue.length)).toSorted(),
        meta: await redis.hgetall(`${queue}meta`),
        told: entries.map(([, fields]) =>
          fields.map((field) => field.replace(event.id, "ID").replace(/^\d{13}$/, "TIME")),
        ),
      };
    }
  },
);

test("a job that runs or is completed cannot be discarded", async () => {
  const { redis, keys } = setupRedis();
  const { inbox, add, take, record } = setup(redis, keys);
  const event = await add("f1");
  const job = await take();
  expect(await inbox.discard(event)).toEqual({ outcome: "none" });
  expect((await record(event.fingerprint)).state).toBe("pending");
  await redis.del(keys.keysOf(source.name).lock(event.id));
  expect(await inbox.discard(event), "its process is gone").toEqual({ outcome: "none" });
  await redis.set(keys.keysOf(source.name).lock(event.id), "test");
  await job.moveToCompleted("", "test", false);
  expect(await inbox.discard(event)).toEqual({ outcome: "none" });
  expect(await job.isCompleted()).toBe(true);
});

test.for(["wait", "delayed", "failed"] as const)(
  "on a full Redis a job that is %s can be discarded completely",
  async (state) => {
    const { redis, keys } = await full();
    const { inbox, add, into, record } = setup(redis, keys);
    const event = await add("f1");
    await into[state]();
    await fill(redis);
    await expect(redis.set("one more", "1"), "the Redis is full").rejects.toThrow("OOM");

    const { outcome, confirmation } = await inbox.discard(event);

    expect({ outcome, confirmed: confirmation?.id }).toEqual({ outcome: "given up", confirmed: event.id });
    expect(await inbox.queue.getJob(event.id)).toBeUndefined();
    expect((await record(event.fingerprint)).state).toBe("handled");
  },
);

test("on a full Redis that does not know script flags a job can be discarded completely", async () => {
  const { redis, keys } = await full();
  const { inbox, add, into, record } = setup(redis, keys);
  const event = await add("f1");
  await into.failed();
  await fill(redis);

  const { source: name, fingerprint, id } = event;
  const reply = await bindScript(redis, PLAIN)(keys.keysOf(name).scope, name, fingerprint, id, TIMES.callMs, "");

  expect(reply).toEqual(expect.arrayContaining(["given up"]));
  expect(await inbox.queue.getJob(id)).toBeUndefined();
  expect((await record(fingerprint)).state).toBe("handled");
});

test("on a full Redis a job can be retried completely", async () => {
  const { redis, keys } = await full();
  const { inbox, add, into } = setup(redis, keys);
  const event = await add("f1");
  await into.failed();
  await fill(redis);
  const job = await inbox.queue.getJob(event.id);

  await job?.retry("failed");

  expect(await job?.getState()).toBe("waiting");
});

/** Uses its own Redis, since the test makes it full. */
async function full() {
  const { url, keys } = await startOwnRedis();
  const redis = new Redis(url);
  onTestFinished(() => redis.disconnect());
  await redis.config("SET", "maxmemory-policy", "noeviction");
  return { redis, keys };
}

/** Makes Redis believe that its memory is full. */
async function fill(redis: Redis): Promise<void> {
  await redis.config("SET", "maxmemory", "1");
}
