import { UnrecoverableError } from "bullmq";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { fingerprint } from "../../src/core/fingerprint.ts";
import { readSearch } from "../../src/desk/search.ts";
import { createSubjectsOf } from "../../src/desk/subjects.ts";
import { createTrimHistory } from "../../src/ledger/trim-history.ts";
import { eventOf } from "../../src/queue/jobs.ts";
import { createOperator } from "../../src/queue/operator.ts";
import { RecordingMeter } from "../support/recording.ts";
import { inboxOnRedis, pushInboxOnRedis, workerByHand } from "../support/redis-inbox.ts";
import { sourceTerms } from "../support/source-terms.ts";
import { spreadKeys } from "../support/spread-keys.ts";

const PLACES = { "tencent-vod/1": 0, "tencent-vod/2": 1, "tencent-vod/3": 2 };
const SOURCES = Object.keys(PLACES).map((name) => sourceTerms({ name, windowMs: 1 }));
const subjectsOf = createSubjectsOf(new Map([["tencent-vod", ["FileId"]]]));

function setup() {
  const { redis, keys, shards } = spreadKeys(PLACES);
  const times = { graceMs: 15_000, callMs: 5_000 };
  const inbox = inboxOnRedis({ redis, keys, shards, times, subjectsOf, historyAs: "host:1" });
  onTestFinished(() => inbox.close());
  const workers = shards.map((shard) => workerByHand(shard));
  const log = pino({ level: "silent" });
  const options = { redis, inbox, sources: SOURCES, maxWaiting: 1_000, receivers: [], confirm: () => {}, log };
  const operator = createOperator({ ...options, meter: new RecordingMeter() });
  return { redis, keys, inbox, ...operator, deliver, finish, park, find };

  async function deliver(shard: number, file: string) {
    const source = SOURCES[shard] ?? sourceTerms();
    const body = { EventType: "NewFileUpload", FileId: file };
    const one = { receipt: `of ${file}`, fingerprint: fingerprint(source.name, body), type: "NewFileUpload", body };
    const { acceptances } = await inbox.accept(source, await inbox.turn(source, "pull"), [one]);
    expect(acceptances).toMatchObject([{ verdict: "add" }]);
  }

  async function nextOf(shard: number) {
    const worker = workers[shard];
    if (!worker) throw new Error("there is no such shard");
    return await worker.next();
  }

  async function finish(shard: number, file: string): Promise<string> {
    await deliver(shard, file);
    const job = await nextOf(shard);
    const event = eventOf(job);
    const { confirmation } = await inbox.mark(event, true, 25);
    await job.moveToCompleted("handled", "test", false);
    if (confirmation) await inbox.settle(confirmation, "confirmed");
    return event.id;
  }

  async function park(shard: number, file: string): Promise<string> {
    await deliver(shard, file);
    const job = await nextOf(shard);
    await job.moveToFailed(new UnrecoverableError("hopeless"), "test");
    return eventOf(job).id;
  }

  /** All pages of a search, one after the other. */
  async function find(text: string, limit: number): Promise<readonly string[]> {
    const read = readSearch(text);
    if ("mistake" in read) throw new Error(read.mistake);
    const ids: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await operator.desk.events({ search: read.search, limit, ...(cursor !== undefined && { cursor }) });
      ids.push(...page.events.map(({ id }) => id));
      ({ cursor } = page);
      if (cursor === undefined) return ids;
    }
  }
}

test("all keys of a source are in its shard", async () => {
  const { redis, keys, deliver } = setup();
  for (const shard of [0, 1, 2]) await deliver(shard, `file ${shard}`);

  for (const [shard, own] of keys.shards.entries()) {
    const { unconfirmed } = own.keysOf(`tencent-vod/${shard + 1}`);
    expect(await redis.zcard(unconfirmed)).toBe(1);
    const others = keys.shards.filter((other) => other !== own);
    for (const other of others)
      expect(await redis.exists(other.keysOf(`tencent-vod/${shard + 1}`).unconfirmed)).toBe(0);
  }
});

test("the desk shows the history of all shards as one list, newest first, on every page", async () => {
  const { finish, find, desk } = setup();
  const finished: string[] = [];
  for (const [n, shard] of [2, 0, 1, 1, 2, 0, 0].entries()) finished.push(await finish(shard, `file ${n}`));

  for (const limit of [1, 2, 3, 100]) expect(await find("", limit)).toEqual(finished.toReversed());
  expect(await desk.event(finished[3] ?? "")).toMatchObject({ state: "confirmed", source: "tencent-vod/2" });
  expect(await desk.reach()).toMatchObject({ events: 7 });
});

test("each shard has its own limits for the history", async () => {
  const { redis, keys, finish, desk } = setup();
  for (const shard of [0, 1, 2]) await finish(shard, `file ${shard}`);

  await createTrimHistory(redis, keys, { events: 0, days: 7 })();

  expect(await desk.reach()).toEqual({ events: 0 });
});

test("the desk lists, groups, counts, retries and discards parked events of all shards", async () => {
  const { park, find, desk, queueStatus, openEvents, retry, discard, inbox } = setup();
  const ids: string[] = [];
  for (const shard of [0, 1, 2]) ids.push(await park(shard, `file ${shard}`), await park(shard, `other ${shard}`));

  for (const limit of [1, 4, 100]) expect(await find("state:parked", limit)).toEqual(ids);
  expect(await find("source:tencent-vod/3 state:parked", 10)).toEqual(ids.slice(4));
  expect(await desk.groups()).toMatchObject([{ type: "NewFileUpload", error: "hopeless", count: 6 }]);
  expect((await openEvents(10)).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  expect(await queueStatus()).toMatchObject({ parked: 6, waiting: 0, maxWaiting: 3_000 });

  expect(await Promise.all([ids[0], ids[2], ids[4]].map((id = "") => retry(id)))).toEqual([true, true, true]);
  expect(await Promise.all([ids[1], ids[3], ids[5]].map((id = "") => discard(id, "a test")))).toEqual([
    true,
    true,
    true,
  ]);
  expect(await queueStatus()).toMatchObject({ parked: 0, waiting: 3 });
  for (const queue of inbox.queues) expect(await queue.getWaitingCount()).toBe(1);
});

test("the desk finds and counts pushed events of all shards", async () => {
  const { redis, keys, find, desk } = setup();
  for (const [shard, own] of keys.shards.entries()) {
    const about = { vendor: "tencent-vod", source: `tencent-vod/${shard + 1}`, type: "NewFileUpload" };
    const event = { ...about, fingerprint: `f${shard}`, bodyJson: "{}", subjects: [`pushed ${shard}`] };
    await pushInboxOnRedis({ redis, keys: own }).push(event, 60_000, AbortSignal.timeout(10_000));
  }

  expect(await find("state:waiting", 2)).toHaveLength(3);
  expect((await desk.receivers()).toSorted((a, b) => a.source.localeCompare(b.source))).toMatchObject(
    [1, 2, 3].map((shard) => ({ source: `tencent-vod/${shard}`, open: 1 })),
  );
});

test("the desk finds an event of an unknown source where its job is", async () => {
  const { keys, inbox, park, retry } = setup();
  const id = await park(1, "file");
  const told = keys.places();
  if (told instanceof Map) told.delete("tencent-vod/2");
  expect(keys.shardOf("tencent-vod/2")).toBe(0);

  expect(await retry(id)).toBe(true);

  expect(keys.shardOf("tencent-vod/2")).toBe(1);
  expect(await inbox.queues[1]?.getWaitingCount()).toBe(1);
});
