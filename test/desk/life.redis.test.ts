import { UnrecoverableError } from "bullmq";
import { expect, onTestFinished, test } from "vitest";
import { fingerprint } from "../../src/core/fingerprint.ts";
import { createSubjectsOf } from "../../src/desk/subjects.ts";
import { createStepStore } from "../../src/ledger/steps.ts";
import { eventOf } from "../../src/queue/jobs.ts";
import { operatorOnRedis } from "../support/operator-on-redis.ts";
import { inboxOnRedis, workerByHand } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";

function setup(windowMs = 60_000) {
  const { redis, keys } = setupRedis();
  const source = sourceTerms({ windowMs });
  const subjectsOf = createSubjectsOf(new Map([["tencent-vod", ["FileId", "TaskId"]]]));
  const times = { graceMs: 15_000, callMs: 5_000 };
  const inbox = inboxOnRedis({ redis, keys, times, subjectsOf, historyAs: "host:1" });
  const { next } = workerByHand({ redis, keys });
  onTestFinished(() => inbox.close());
  const { desk, retry } = operatorOnRedis({ redis, inbox, source });
  return { redis, keys, inbox, next, desk, retry, source, deliver };

  async function deliver(
    body: Readonly<Record<string, string>>,
    receipt = `receipt-of-${Object.values(body).join("-")}`,
  ) {
    const one = { receipt, fingerprint: fingerprint(source.name, body), type: "NewFileUpload", body };
    const { acceptances } = await inbox.accept(source, await inbox.turn(source, "pull"), [one]);
    const [accepted] = acceptances;
    return accepted && "id" in accepted ? accepted.id : "";
  }
}

test("an event's page shows what its handler logged, and until when its receipt and its pause last", async () => {
  const { inbox, redis, keys, next, desk, deliver } = setup();
  const before = Date.now();
  const id = await deliver({ FileId: "f1" });
  const job = await next();
  const event = eventOf(job);
  const steps = createStepStore(redis, keys);
  const ref = (name: string) => ({ event, name, token: "t" });
  for (const name of ["fetch", "store"]) await steps.claim(ref(name), 0);
  await steps.store(ref("fetch"), '"a secret result"');
  await job.updateProgress({ percent: 40 });
  const error = new UnrecoverableError("cannot store f1: connect ECONNREFUSED");
  error.stack = "Error: cannot store f1\ncaused by: Error: connect ECONNREFUSED";
  await inbox.ran(event, { lines: ["12:00 info attempt 1 fetched"] }, { ranForMs: 10, error: error.message });
  await job.moveToFailed(error, "test");

  const told = await desk.event(id);

  expect(told).toMatchObject({
    state: "parked",
    steps: [
      { name: "fetch", isDone: true },
      { name: "store", isDone: false, seenAt: expect.any(String) },
    ],
    progress: { percent: 40 },
    lines: ["12:00 info attempt 1 fetched"],
    stack: expect.stringContaining("caused by: Error: connect ECONNREFUSED"),
    error: "cannot store f1: connect ECONNREFUSED",
  });
  expect(JSON.stringify(told)).not.toContain("a secret result");
  const openForMs = Date.parse(told?.receiptUntil ?? "") - before;
  expect(openForMs).toBeGreaterThan(50_000);
  expect(openForMs).toBeLessThan(70_000);
  expect(told).not.toHaveProperty("lastDelivery");
  expect(told).not.toHaveProperty("nextAttemptAt");

  const later = await deliver({ FileId: "f2" });
  const until = Date.now() + 30_000;
  await (await next()).moveToDelayed(until, "test");
  expect(await desk.event(later)).toMatchObject({ state: "delayed", nextAttemptAt: new Date(until).toISOString() });
});

test("an event's page shows its last twenty deliveries with the ends of their receipts, however many there were", async () => {
  const { desk, deliver, next, inbox } = setup(0);
  const id = await deliver({ FileId: "f1" }, "receipt-first1");
  const job = await next();
  await inbox.ran(eventOf(job), {}, { ranForMs: 10, error: "no" });
  await job.moveToFailed(new UnrecoverableError("no"), "test");
  for (let n = 100; n < 200; n += 1) await deliver({ FileId: "f1" }, `receipt-whole-${n}abc`);

  const told = await desk.event(id);

  const delivered = told?.life.filter(({ what }) => what === "delivered") ?? [];
  expect(told?.deliveries).toBe(101);
  expect(delivered[0]?.receipt).toBe("…first1");
  expect(delivered.slice(-20).map(({ receipt }) => receipt)).toEqual(
    Array.from({ length: 20 }, (_, index) => `…${180 + index}abc`),
  );
  expect(delivered.every(({ by }) => by === "host:1")).toBe(true);
  expect(told?.lastDelivery).toBe(delivered.at(-1)?.at);
  expect(JSON.stringify(told)).not.toContain("receipt-whole");
});

test("an event's page shows unanswered confirmation calls before the accepted one, and who retried", async () => {
  const { inbox, next, desk, deliver, retry } = setup();
  const id = await deliver({ FileId: "f1" });
  const job = await next();
  await inbox.ran(eventOf(job), {}, { ranForMs: 10, error: "no" });
  await job.moveToFailed(new UnrecoverableError("no"), "test");
  expect(await retry(id, "anna, 10.0.0.7")).toBe(true);
  const again = await next();
  const { confirmation } = await inbox.mark(eventOf(again), true, 5);
  if (!confirmation) throw new Error("nothing is due");
  await again.moveToCompleted("handled", "test", false);
  await inbox.settle(confirmation, "confirmed", 2);

  const life = (await desk.event(id))?.life.map(({ what, result, by, calls }) => [what, result, by, calls]);

  expect(life).toEqual([
    ["delivered", undefined, "host:1", undefined],
    ["attempt", "failed", "host:1", undefined],
    ["action", "retried by hand", "anna, 10.0.0.7", undefined],
    ["attempt", "handled", "host:1", undefined],
    ["confirming", "unanswered", undefined, 2],
    ["confirming", "confirmed", undefined, undefined],
  ]);
});

test("an event's page links other events with the same subject, open and finished, and none with a merely similar one", async () => {
  const { inbox, next, desk, deliver } = setup();
  const past = await deliver({ TaskId: "task-1", at: "a" });
  const job = await next();
  const { confirmation } = await inbox.mark(eventOf(job), true, 5);
  if (confirmation) await inbox.settle(confirmation, "confirmed");
  await job.moveToCompleted("handled", "test", false);
  const byFile = await deliver({ FileId: "file-1", at: "b" });
  await deliver({ FileId: "file-10", at: "c" });
  await deliver({ TaskId: "task-12", at: "d" });
  const id = await deliver({ FileId: "file-1", TaskId: "task-1" });
  const without = await deliver({ at: "e" });

  const told = await desk.event(id);

  expect(told?.neighbours?.map((one) => one.id).toSorted()).toEqual([byFile, past].toSorted());
  expect(told?.areAllNeighbours).toBe(true);
  expect(await desk.event(without)).not.toHaveProperty("neighbours");
});
