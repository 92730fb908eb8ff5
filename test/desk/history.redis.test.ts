import { expect, onTestFinished, test } from "vitest";
import { fingerprint } from "../../src/core/fingerprint.ts";
import type { DueConfirmation } from "../../src/core/inbox.ts";
import { createTrimHistory } from "../../src/ledger/trim-history.ts";
import { eventOf } from "../../src/queue/jobs.ts";
import { commandsOf, countedRedis } from "../support/commands.ts";
import { inboxOnRedis } from "../support/redis-inbox.ts";
import { setup, source, subjectsOf } from "./history-setup.ts";

test("a confirmed event is found by its file id, and shows which worker handled it and when", async () => {
  const { redis, keys, desk, find, finish } = setup();
  const id = await finish("f1");
  await finish("f2");
  expect(await redis.exists(keys.keysOf(source.name).lives)).toBe(0);
  const [event, ...others] = await find("f1 state:confirmed type:NewFileUpload newer:1h");
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    id,
    state: "confirmed",
    subjects: ["f1"],
    deliveries: 1,
    attempts: 1,
    worker: "host:1",
  });
  expect(event?.handledAt).toBeDefined();
  expect(event?.confirmedAt).toBeDefined();
  expect(await find("f1 older:1h")).toEqual([]);
  expect((await find("")).map(({ subjects }) => subjects[0])).toEqual(["f2", "f1"]);

  const told = await desk.event(id);
  expect(told?.body).toMatchObject({ FileId: "f1" });
  expect(told?.life.map(({ what, result }) => `${what} ${result ?? ""}`.trim())).toEqual([
    "delivered",
    "attempt handled",
    "confirming confirmed",
  ]);
  expect(JSON.stringify(told?.life)).not.toContain("receipt-of");
});

test("an open event shows its deliveries, its attempts and the operators' actions", async () => {
  const { desk, deliver, run, retry, discard, confirmations, inbox } = setup();
  await deliver("f1", "first-aaaaaa");
  const { event } = await run("disk f1 is full; no; room");
  await deliver("f1", "second-bbbbbb");
  await retry(event.id);
  await run("disk f1 is full; no; room");

  const told = await desk.event(event.id);
  expect(told).toMatchObject({ state: "parked", deliveries: 2, attempts: 2 });
  expect(told?.life).toMatchObject([
    { what: "delivered", receipt: "…aaaaaa", by: "host:1" },
    { what: "attempt", result: "failed", by: "host:1", error: "disk f1 is full no room" },
    { what: "delivered", receipt: "…bbbbbb", by: "host:1" },
    { what: "action", result: "retried by hand" },
    { what: "attempt", result: "failed", by: "host:1", error: "disk f1 is full no room" },
  ]);

  await discard(event.id, "the film was withdrawn");
  const [due] = confirmations;
  if (!due) throw new Error("nothing is due");
  await inbox.settle(due, "dead");
  await inbox.settle(due, "confirmed");
  const over = await desk.event(event.id);
  expect(over).toMatchObject({ state: "discarded", deliveries: 2, attempts: 2, error: "disk f1 is full no room" });
  expect(over?.life.slice(5).map(({ what, result }) => [what, result])).toEqual([
    ["action", "discarded the film was withdrawn"],
    ["confirming", "refused"],
    ["confirming", "confirmed"],
  ]);
});

test("an event that went straight through takes little memory until it is forgotten", async () => {
  const { redis, keys, deliver, run } = setup();
  await deliver("5285890784246869930", "8674665223082153551");

  const { event } = await run();

  const record = keys.keysOf(source.name).event(event.fingerprint);
  expect(await redis.hget(record, "attempt")).toMatch(/^\d+ \d+ host:1$/);
  expect(await redis.object("ENCODING", record)).not.toBe("hashtable");
  const life = await redis.hget(keys.keysOf(source.name).lives, event.fingerprint);
  expect(life?.split("\t")).toEqual([event.id, "NewFileUpload", '"5285890784246869930"', "1 0;d0 153551 host:1"]);
});

test("an attempt names its worker, though another replica pulled the event before", async () => {
  const { redis, keys, deliver, run, desk } = setup();
  const inbox = inboxOnRedis({
    redis,
    keys,
    times: { graceMs: 15_000, callMs: 5_000 },
    subjectsOf,
    historyAs: "other:2",
  });
  onTestFinished(() => inbox.close());
  await deliver("f1");
  const body = { EventType: "NewFileUpload", FileId: "f1" };
  const again = { receipt: "again", fingerprint: fingerprint(source.name, body), type: "NewFileUpload", body };
  await inbox.accept(source, await inbox.turn(source, "pull"), [again]);

  const { event } = await run("no");
  await inbox.ran(event, {}, { ranForMs: 10, error: "no" });

  expect((await desk.event(event.id))?.life.map(({ what, by }) => [what, by])).toEqual([
    ["delivered", "host:1"],
    ["delivered", "other:2"],
    ["attempt", "host:1"],
    ["attempt", "other:2"],
  ]);
});

test("an attempt that succeeded is shown before its confirmation and after it, and names its worker", async () => {
  const { redis, keys, deliver, next, desk } = setup();
  const times = { graceMs: 15_000, callMs: 0 };
  const other = inboxOnRedis({ redis, keys, times, subjectsOf, historyAs: "another-host:1" });
  onTestFinished(() => other.close());
  const handled: [id: string, due: DueConfirmation | undefined][] = [];
  for (const file of ["straight", "returned"]) {
    await deliver(file);
    const job = await next();
    const event = eventOf(job);
    handled.push([event.id, (await other.mark(event, true, 5)).confirmation]);
    await job.moveToCompleted("handled", "test", false);
  }
  // Its window is over.
  await new Promise((resolve) => setTimeout(resolve, 3));
  await deliver("returned", "again");
  const shown = async (id: string) => {
    const { attempts, handledAt, worker, life = [] } = (await desk.event(id)) ?? {};
    return { attempts, isDated: handledAt !== undefined, worker, life: life.map(({ what, by }) => [what, by]) };
  };

  const before = await Promise.all(handled.map(([id]) => shown(id)));
  for (const [, due] of handled) if (due) await other.settle({ ...due, receipt: await newest(due) }, "confirmed");
  const after = await Promise.all(handled.map(([id]) => shown(id)));

  const first = [
    ["delivered", "host:1"],
    ["attempt", "another-host:1"],
  ];
  const lives = [first, [...first, ["delivered", "host:1"]]];
  expect(before).toMatchObject(lives.map((life) => ({ attempts: 1, isDated: true, life })));
  expect(after).toMatchObject(
    lives.map((life) => ({
      attempts: 1,
      isDated: true,
      worker: "another-host:1",
      life: [...life, ["confirming", undefined]],
    })),
  );

  async function newest({ fingerprint: fp, receipt }: DueConfirmation): Promise<string> {
    return (await redis.hget(keys.keysOf(source.name).event(fp), "receipt")) ?? receipt;
  }
});

test("a pushed event is finished once it is handled or discarded", async () => {
  const { desk, find, push, run, discard, inbox } = setup();
  await push("f1");
  const { event } = await run("not yet");
  await inbox.mark(event, true, 5);
  await inbox.mark(event, true, 5);
  const found = await find("f1 state:confirmed");
  expect(found).toMatchObject([{ id: event.id, door: "push", attempts: 2, subjects: ["f1"] }]);
  await push("f2");
  const parked = await run("never");
  await discard(parked.event.id, "nobody needs it");
  expect((await desk.event(parked.event.id))?.life.map(({ what, result }) => `${what} ${result ?? ""}`.trim())).toEqual(
    ["delivered", "attempt failed", "action discarded nobody needs it", "confirming given up"],
  );
});

test("text of a handler or vendor cannot forge a field of the history", async () => {
  const { find, deliver, run, desk } = setup();
  await deliver('f"]\t\n;]');
  const { event } = await run("a\nb;o1 discarded\tx");
  expect((await desk.event(event.id))?.subjects).toEqual(['f"]\t\n;]']);
  expect(await find('state:parked "b o1 discarded x"')).toEqual([]);
  expect(await find("state:parked discarded")).toHaveLength(1);
});

test("an event's history stays small, however often it is delivered", async () => {
  const { redis, keys, deliver, run, desk } = setup();
  await deliver("f1");
  const { event } = await run("no");
  for (let n = 0; n < 300; n += 1) await deliver("f1", `h-${n}`);
  const told = await desk.event(event.id);
  expect(told?.deliveries).toBeGreaterThan(200);
  expect(told?.life.length).toBeLessThan(160);
  expect(told?.life[1]?.error).toBe("no");
  expect(told?.life.at(-1)?.receipt).toBe("…h-299");
  expect(await redis.hstrlen(keys.keysOf(source.name).lives, event.fingerprint)).toBeLessThan(1_700);
});

test("the history keeps as many events as allowed, and none after it is switched off", async () => {
  const { redis, keys, find, inbox, deliver, next, desk } = setup();
  for (let n = 0; n < 600; n += 50) {
    const files = Array.from({ length: 50 }, (_, index) => `f${n + index}.`);
    await Promise.all(files.map((file) => deliver(file)));
    const jobs = [];
    for (const _ of files) jobs.push(await next());
    const marked = await Promise.all(jobs.map((job) => inbox.mark(eventOf(job), true)));
    const due = marked.flatMap(({ confirmation }) => confirmation ?? []);
    await Promise.all(due.map((one) => inbox.settle(one, "confirmed")));
    await Promise.all(jobs.map((job) => job.moveToCompleted("", "test", false)));
  }
  expect(await desk.reach()).toMatchObject({ events: 600 });
  expect(await find("f0.")).toHaveLength(1);

  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await desk.events({ limit: 77, cursor });
    seen.push(...page.events.flatMap(({ subjects }) => subjects));
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect(new Set(seen).size).toBe(600);
  expect(seen).toHaveLength(600);

  await createTrimHistory(redis, keys, { events: 100, days: 7 })();
  // Trimming removes whole chunks only.
  expect(await desk.reach()).toMatchObject({ events: 344 });
  expect(await find("f0.")).toEqual([]);
  expect(await find("f599.")).toHaveLength(1);
  await createTrimHistory(redis, keys, { events: 0, days: 7 })();
  expect(await desk.reach()).toEqual({ events: 0 });
  expect(await redis.keys(keys.keysOf("").past("*"))).toEqual([]);
});

test("without a history no command writes one, and a failed attempt needs the same commands as before", async () => {
  const { redis: counted, anyKeys } = await countedRedis();
  const { redis, keys, deliver, run, inbox, next, find } = setup({ isKept: false, redis: counted, keys: anyKeys() });
  await deliver("f1");
  const { confirmation } = await run();
  const settled = await commandsOf(redis, async () => confirmation && (await inbox.settle(confirmation, "confirmed")));
  expect(settled.inRedis.filter((command) => /^(rpush|hincrby|get|set) /.test(command))).toEqual([]);
  expect(await redis.exists(keys.keysOf(source.name).lives)).toBe(0);
  await deliver("f2");
  const other = eventOf(await next());
  const asked = await commandsOf(redis, () => inbox.ran(other, {}, { ranForMs: 1, error: "no" }));
  expect(asked).toMatchObject({ sent: ["hget"], scripts: [] });
  expect(await find("f1")).toEqual([]);
});
