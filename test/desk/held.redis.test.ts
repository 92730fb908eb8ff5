import { DelayedError } from "bullmq";
import { expect, onTestFinished, test } from "vitest";
import { fingerprint } from "../../src/core/fingerprint.ts";
import type { Limited } from "../../src/core/limits.ts";
import { createGate, HELD_MS } from "../../src/ledger/gate.ts";
import { operatorOnRedis } from "../support/operator-on-redis.ts";
import { inboxOnRedis, takeIn, workerByHand } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";

const source = sourceTerms();
const NAME = "tencent-vod NewFileUpload";

/** Events of one handler. If it orders them, files whose names begin alike have one key. */
function setup(terms: Omit<Limited["limits"], "name">) {
  const { redis, keys } = setupRedis();
  const limits = { name: NAME, ...terms };
  const limitedOf = (file: unknown): Limited => ({
    limits,
    ...(limits.isOrdered && { key: String(file).slice(0, 1) }),
  });
  const times = { graceMs: 15_000, callMs: 5_000 };
  const inbox = inboxOnRedis({ redis, keys, times, limitsOf: (_, body) => limitedOf(body()["FileId"]) });
  onTestFinished(() => inbox.close());
  const gate = createGate(redis, keys);
  const { next } = workerByHand({ redis, keys });
  const { desk, openEvents } = operatorOnRedis({ redis, inbox, source });
  const ids = new Map<string, string>();

  return { gate, limits, take, start, idOf: (file: string) => ids.get(file), told };

  async function take(...files: readonly string[]) {
    for (const file of files) {
      const body = { EventType: "NewFileUpload", FileId: file };
      const one = { receipt: `h-${file}`, fingerprint: fingerprint(source.name, body), type: "NewFileUpload", body };
      ids.set(file, (await takeIn(inbox, source, one)).id);
    }
    await gate.look(limits);
  }

  /** Starts the next event as a worker does. */
  async function start() {
    const job = await next();
    const { FileId: file } = job.data.body;
    const event = { id: job.id ?? "", fingerprint: job.data.fingerprint, source: source.name };
    const entry = await gate.enter(event, limitedOf(file), false);
    if (entry.kind === "go") return { event, entry };
    const until = Date.now() + (entry.kind === "later" ? entry.afterMs : HELD_MS);
    await job.moveToDelayed(until, "test").catch((err: unknown) => {
      if (!(err instanceof DelayedError)) throw err;
    });
    return { event, entry };
  }

  /** Both lists must show the same. */
  async function told() {
    const { events } = await desk.events({ limit: 10 });
    const listed = await openEvents(10);
    expect(new Map(listed.map(({ id, state }) => [id, state]))).toEqual(
      new Map(events.map(({ id, state }) => [id, state])),
    );
    return Object.fromEntries(
      events.map(({ id, state, heldFor, inBatchOf }) => [
        [...ids].find(([, one]) => one === id)?.[0],
        heldFor ?? inBatchOf ?? state,
      ]),
    );
  }
}

test("the desk says of an event without a free place that it waits for one", async () => {
  const { take, start, told } = setup({ isOrdered: false, concurrency: 1 });
  await take("a", "b");
  expect(await told()).toEqual({ a: "waiting", b: { what: "place", handler: NAME } });
  await start();
  expect(await told()).toEqual({ a: "running", b: { what: "place", handler: NAME } });
});

test("the desk says of an event behind others of its key which key it is, and which event is first", async () => {
  const { take, start, told, idOf } = setup({ isOrdered: true });
  await take("a1", "a2", "a3", "b1");
  await start();
  const held = { what: "key", handler: NAME, key: "a", after: idOf("a1") };
  expect(await told()).toEqual({ a1: "running", a2: held, a3: held, b1: "waiting" });
});

test("the desk says of an event over the rate limit that it waits for its time, not that it failed", async () => {
  const { take, start, told } = setup({ isOrdered: false, perSecond: 0.1 });
  await take("a", "b", "c", "d");
  await start();
  expect(await told()).toMatchObject({ a: "running", b: { what: "rate" }, d: { what: "place" } });
});

test("the desk says that events wait for a batch, even the one that is due first, and in which batch they run", async () => {
  const { gate, limits, take, start, told, idOf } = setup({ isOrdered: false, batch: { size: 3, lingerMs: 60_000 } });
  const waits = { what: "batch", handler: NAME };
  await take("a", "b");
  expect(await told()).toEqual({ a: waits, b: waits });
  await take("c", "d");
  const { event, entry } = await start();
  expect(entry).toMatchObject({ kind: "go", carried: [{}, {}] });
  expect(event.id).toBe(idOf("a"));
  expect(await told()).toEqual({ a: "running", b: event.id, c: event.id, d: waits });

  await gate.endCarried(event, limits, [
    { id: idOf("b") ?? "", outcome: { kind: "retry", error: new Error("busy"), afterMs: 60_000 } },
  ]);
  expect(await told()).toMatchObject({ b: "delayed", c: event.id });
});

test("the desk says of an event whose handler an operator paused that it is paused", async () => {
  const { gate, limits, take, start, told } = setup({ isOrdered: false, concurrency: 5 });
  await gate.set(limits.name, { paused: true });
  await take("a");
  expect(await told()).toEqual({ a: { what: "pause", handler: NAME } });
  await gate.set(limits.name, { paused: null });
  await gate.look(limits);
  await start();
  expect(await told()).toEqual({ a: "running" });
});
