import { setImmediate } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { PermanentError, RetryAfterError } from "../../src/core/errors.ts";
import type { Handler } from "../../src/core/handler.ts";
import { createWorker, sample, type Life } from "../../src/testing/public.ts";
import { on } from "../../src/vendors/tencent-vod/public.ts";

const upload = () => sample("tencent-vod", "NewFileUpload");

function handlerOf(run: Handler["run"], options: Partial<Handler> = {}): Handler {
  return { vendor: "*", type: "*", run, ...options };
}

/** The nth upload of a file. */
function uploadOf(FileId: string, n: number) {
  const body = { EventType: "NewFileUpload", FileUploadEvent: { FileId } };
  return sample("tencent-vod", "NewFileUpload", { fingerprint: `${FileId} ${n}`, body });
}

function keyless(): never {
  throw new Error("no such field");
}

const startsOf = ({ attempts }: Life) => attempts.map(({ startedAtMs }) => startedAtMs);

test("the test worker tries a failed event again after each pause, and parks it in the end", async () => {
  const handle = vi.fn<Handler["run"]>().mockRejectedValue(new Error("busy"));
  const worker = createWorker(handlerOf(handle, { attempts: 3, backoffMs: 1_000 }));

  const life = worker.accept(upload());
  await worker.settle();

  expect(life).toMatchObject({
    state: "parked",
    attempts: [
      { startedAtMs: 0, endedAtMs: 0, outcome: "retry", error: "busy" },
      { startedAtMs: 1_000, endedAtMs: 1_000, outcome: "retry", error: "busy" },
      { startedAtMs: 3_000, endedAtMs: 3_000, outcome: "parked", error: "busy" },
    ],
  });
  expect(handle.mock.calls.map(([{ attempt }]) => attempt)).toEqual([1, 2, 3]);
});

test("with the worker's defaults twenty attempts take two hours of the test worker's time", async () => {
  const worker = createWorker(handlerOf(() => Promise.reject(new Error("busy"))));

  const life = worker.accept(upload());
  await worker.settle();

  expect(life.attempts).toHaveLength(20);
  expect(worker.now()).toBe(6_423_000);
});

test("in the test worker a handler can choose its own pause, or none", async () => {
  const handle = vi
    .fn<Handler["run"]>()
    .mockRejectedValueOnce(new RetryAfterError("limit", 90_000))
    .mockRejectedValueOnce(new PermanentError("gone"));
  const worker = createWorker(handlerOf(handle));

  const life = worker.accept(upload());
  await worker.settle();

  expect(life.state).toBe("parked");
  expect(startsOf(life)).toEqual([0, 90_000]);
});

test("the test worker does not count an attempt that the handler puts off", async () => {
  const handle = vi
    .fn<Handler["run"]>()
    .mockRejectedValueOnce(new RetryAfterError("closed", 90_000, { usesAttempt: false }))
    .mockRejectedValueOnce(new RetryAfterError("closed", 90_000, { usesAttempt: false }));
  const worker = createWorker(handlerOf(handle), { attempts: 1 });

  const life = worker.accept(upload());
  await worker.settle();

  expect(life.state).toBe("handled");
  expect(startsOf(life)).toEqual([0, 90_000, 180_000]);
  expect(handle.mock.calls.map(([{ attempt }]) => attempt)).toEqual([1, 1, 1]);
});

test("in the test worker a timeout passes in virtual time, and an ignored one is given up 10 s later", async () => {
  const worker = createWorker([
    handlerOf(({ signal }) => worker.sleep(3_600_000, signal), {
      type: "NewFileUpload",
      attempts: 2,
      timeoutMs: 120_000,
    }),
    handlerOf(() => worker.sleep(Infinity), { type: "FileDeleted", attempts: 1, timeoutMs: 120_000 }),
  ]);

  const slow = worker.accept(upload());
  const deaf = worker.accept(sample("tencent-vod", "FileDeleted"));
  await worker.settle();

  const error = "the handler took longer than 120000 ms";
  expect(slow.attempts).toEqual([
    { startedAtMs: 0, endedAtMs: 120_000, outcome: "retry", error },
    { startedAtMs: 121_000, endedAtMs: 241_000, outcome: "parked", error },
  ]);
  expect(deaf.attempts).toEqual([{ startedAtMs: 0, endedAtMs: 130_000, outcome: "parked", error }]);
});

test("the test worker's time stands still while a handler does real work", async () => {
  const worker = createWorker(handlerOf(() => turns(50), { timeoutMs: 1 }));

  const life = worker.accept(upload());
  await worker.settle();

  expect(life.attempts).toEqual([{ startedAtMs: 0, endedAtMs: 0, outcome: "handled" }]);
});

test("the test worker runs as many events at once as configured, and the others after them", async () => {
  const worker = createWorker(
    handlerOf(() => worker.sleep(10_000)),
    { concurrency: 2 },
  );

  const lives = [upload(), upload(), upload()].map((event) => worker.accept(event));
  await worker.settle();

  expect(lives.map(startsOf)).toEqual([[0], [0], [10_000]]);
});

test("the test worker stops at the requested time, and continues from there", async () => {
  const handle = vi.fn<Handler["run"]>().mockRejectedValueOnce(new Error("busy"));
  const worker = createWorker(handlerOf(handle, { backoffMs: 60_000 }));
  const life = worker.accept(upload());

  await worker.settle(30_000);
  expect([life.state, worker.now()]).toEqual(["delayed", 30_000]);
  await worker.settle();
  expect([life.state, worker.now()]).toEqual(["handled", 60_000]);
});

test("the test worker keeps a step over attempts, and runs one that was given up again at once", async () => {
  const ran: string[] = [];
  const worker = createWorker(
    handlerOf(
      async ({ attempt, step }) => {
        await step("copy", () => void ran.push(`copy ${attempt}`));
        await step("publish", async () => {
          ran.push(`publish ${attempt}`);
          if (attempt === 1) await worker.sleep(Infinity);
        });
      },
      { timeoutMs: 5_000 },
    ),
  );

  const life = worker.accept(upload());
  await worker.settle();

  expect(ran).toEqual(["copy 1", "publish 1", "publish 2"]);
  expect([life.state, startsOf(life)]).toEqual(["handled", [0, 16_000]]);
});

test("in the test worker a redelivery is the same event until that is handled", async () => {
  const handle = vi.fn<Handler["run"]>();
  const worker = createWorker(handlerOf(handle));
  const event = upload();

  const lives = [worker.accept(event), worker.accept({ ...event, id: "under-a-new-handle" })];
  await worker.settle();
  const later = worker.accept(event);
  await worker.settle();

  expect(lives[1]).toBe(lives[0]);
  expect(later).not.toBe(lives[0]);
  expect(handle).toHaveBeenCalledTimes(2);
});

test("the test worker names a handler that hangs outside virtual time, and says how to fix it", async () => {
  const worker = createWorker(
    handlerOf(() => new Promise(() => {})),
    { patienceMs: 1 },
  );
  worker.accept(upload());

  await expect(worker.settle()).rejects.toThrow(/handler of NewFileUpload neither ended.*worker\.sleep\(ms, signal\)/);
});

/** Of the event loop. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate();
}

test("the test worker keeps to a handler's limit, and each end starts the next event", async () => {
  const handler = handlerOf(() => worker.sleep(1_000), { concurrency: 2 });
  const worker = createWorker(handler);

  const lives = Array.from({ length: 5 }, () => worker.accept(upload()));
  await worker.settle();

  expect(lives.flatMap(startsOf)).toEqual([0, 0, 1_000, 1_000, 2_000]);
});

test("the test worker keeps to the rate limit, and waiting for it uses no attempt", async () => {
  const handle = vi.fn<Handler["run"]>();
  const worker = createWorker(handlerOf(handle, { perSecond: 2 }));

  const lives = Array.from({ length: 6 }, () => worker.accept(upload()));
  await worker.settle();

  const starts = lives.flatMap(startsOf);
  expect(starts).toHaveLength(6);
  for (const start of starts)
    expect(starts.filter((other) => other >= start && other < start + 1_000).length).toBeLessThanOrEqual(3);
  expect(worker.now()).toBeGreaterThan(1_500);
  expect(handle.mock.calls.map(([{ attempt }]) => attempt)).toEqual([1, 1, 1, 1, 1, 1]);
});

test("the test worker runs events of one key one after another through their retries, and others beside them", async () => {
  const order: string[] = [];
  const handler = on(
    "NewFileUpload",
    async ({ FileId }, { attempt }) => {
      order.push(`${FileId} ${attempt}`);
      await worker.sleep(100);
      if (FileId === "a" && attempt === 1) throw new Error("busy");
    },
    { orderBy: ({ FileId }) => FileId, backoffMs: 1_000 },
  );
  const worker = createWorker(handler);
  const lives = [uploadOf("a", 1), uploadOf("a", 2), uploadOf("b", 1)].map((event) => worker.accept(event));
  await worker.settle();

  expect(order).toEqual(["a 1", "b 1", "a 2", "a 1", "a 2"]);
  expect(lives.map(startsOf)).toEqual([[0, 1_100], [1_200, 2_300], [0]]);
});

test("in the test worker an event whose order key fails is a failed attempt, and takes no place", async () => {
  const handle = vi.fn<() => void>();
  const worker = createWorker(on("NewFileUpload", handle, { orderBy: keyless, concurrency: 1, attempts: 1 }));

  const life = worker.accept(upload());
  await worker.settle();

  expect(life).toMatchObject({ state: "parked", attempts: [{ outcome: "parked", error: "no such field" }] });
  expect(handle).not.toHaveBeenCalled();
});
