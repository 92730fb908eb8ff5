import { UnrecoverableError } from "bullmq";
import { expect, onTestFinished, test } from "vitest";
import { fingerprint } from "../../src/core/fingerprint.ts";
import { sleep } from "../../src/core/sleep.ts";
import { createSubjectsOf } from "../../src/desk/subjects.ts";
import { readSearch, type Search } from "../../src/desk/search.ts";
import { operatorOnRedis } from "../support/operator-on-redis.ts";
import { inboxOnRedis, pushInboxOnRedis, takeIn, workerByHand } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";

const source = sourceTerms();
const subjectsOf = createSubjectsOf(new Map([["tencent-vod", ["FileId"]]]));

function setup() {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 15_000, callMs: 5_000 }, subjectsOf });
  const pushInbox = pushInboxOnRedis({ redis, keys });
  const { next } = workerByHand({ redis, keys });
  onTestFinished(() => inbox.close());
  const { desk, retry } = operatorOnRedis({ redis, inbox, source });
  return { redis, keys, inbox, desk, retry, next, take, push, park };

  /** Each event comes in a millisecond of its own, which gives them an order. */
  async function take(file: string, type = "NewFileUpload") {
    await sleep(2);
    const body = { EventType: type, FileId: file };
    const one = { receipt: `h-${file}`, fingerprint: fingerprint(source.name, body), type, body };
    return await takeIn(inbox, source, one);
  }

  async function push(file: string, type = "NewFileUpload") {
    await sleep(2);
    const body = { EventType: type, FileId: file, pushed: true };
    const about = { vendor: "tencent-vod", source: source.name, type, fingerprint: fingerprint(source.name, body) };
    const event = { ...about, bodyJson: JSON.stringify(body), subjects: [file] };
    await pushInbox.push(event, 60_000, AbortSignal.timeout(10_000));
  }

  /** Accepts an event and fails it for good. */
  async function park(file: string, error: string, type?: string) {
    const event = await take(file, type);
    await (await next()).moveToFailed(new UnrecoverableError(error), "test");
    return event.id;
  }
}

test("the desk finds events by file, state, type and error, pulled and pushed", async () => {
  const { desk, take, push, park, next } = setup();
  const parked = await park("f1", "disk f1 is full");
  await take("f2");
  await next();
  await take("f3", "FileDeleted");
  await push("f4");

  expect(await found("")).toEqual(["f1 parked", "f2 running", "f3 waiting", "f4 waiting"]);
  expect(await found("f4")).toEqual(["f4 waiting"]);
  expect(await found("state:waiting")).toEqual(["f3 waiting", "f4 waiting"]);
  expect(await found("type:FileDeleted")).toEqual(["f3 waiting"]);
  expect(await found('"DISK F1" source:tencent-vod')).toEqual(["f1 parked"]);
  expect(await found(parked)).toEqual(["f1 parked"]);
  expect(await found("nowhere")).toEqual([]);

  async function found(text: string) {
    const { events } = await desk.events({ search: searchOf(text), limit: 10 });
    return events.map(({ subjects, state }) => `${subjects.join()} ${state}`);
  }
});

test("the desk's result pages show each event once, even if events leave the lists in between", async () => {
  const { desk, take, push, park, retry } = setup();
  const ids = [];
  for (const file of ["f1", "f2", "f3"]) ids.push(await park(file, "no"));
  await Promise.all([take("f4"), take("f5"), push("f6"), push("f7")]);

  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await desk.events({ limit: 2, cursor });
    seen.push(...page.events.flatMap(({ subjects }) => subjects));
    if (seen.length === 2) await retry(ids[1] ?? "");
    cursor = page.cursor;
  } while (cursor !== undefined);
  // The one that was retried waits now, and is met there again.
  expect(seen.toSorted()).toEqual(["f1", "f2", "f2", "f3", "f4", "f5", "f6", "f7"]);
});

test("the desk shows an event with its body, and nothing for an unknown id", async () => {
  const { desk, park } = setup();
  const id = await park("f1", "no");
  const event = await desk.event(id);
  expect(event).toMatchObject({ id, state: "parked", error: "no", body: { FileId: "f1" }, subjects: ["f1"] });
  expect(Date.parse(event?.expiresAt ?? "") - Date.parse(event?.firstSeen ?? "")).toBe(source.retentionMs);
  expect(await desk.event("ev-unknown")).toBeUndefined();
});

test("parked events whose errors differ only in ids and numbers are one group, and it is retried oldest first, each once", async () => {
  const { desk, park, next } = setup();
  const ids = [];
  for (const n of [1, 2, 3]) ids.push(await park(`f${n}`, `disk ${n} of file 528589078424686993${n} is full`));
  await park("f4", "disk 4 of file 5285890784246869934 is full", "FileDeleted");
  await park("f5", "no such bucket");

  const groups = await desk.groups();
  expect(groups).toHaveLength(3);
  expect(groups[0]).toMatchObject({
    type: "NewFileUpload",
    error: "disk # of file # is full",
    count: 3,
    lastHour: 3,
    sample: { id: ids[0], subjects: ["f1"] },
  });
  expect(await desk.groups(searchOf("f5"))).toMatchObject([{ count: 1, error: "no such bucket" }]);

  const [group] = groups;
  if (!group) throw new Error("no group");
  // Two people press the button.
  const [one, two] = await Promise.all([desk.retryGroup(group), desk.retryGroup(group)]);
  expect(one + two).toBe(3);
  expect(await desk.groups()).toHaveLength(2);
  expect([(await next()).id, (await next()).id, (await next()).id]).toEqual(ids);
});

function searchOf(text: string): Search {
  const read = readSearch(text);
  if ("mistake" in read) throw new Error(read.mistake);
  return read.search;
}
