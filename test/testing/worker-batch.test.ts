import { expect, test } from "vitest";
import { PermanentError } from "../../src/core/errors.ts";
import { createWorker, sample } from "../../src/testing/public.ts";
import { onBatch } from "../../src/vendors/tencent-vod/public.ts";

function setup({ size = 3, failures = new Map<string, unknown>(), ms = 0, concurrency = 9, throws = false } = {}) {
  const batches: { readonly at: number; readonly ids: readonly string[] }[] = [];
  const handler = onBatch(
    "NewFileUpload",
    async (events) => {
      const ids = events.map(({ id }) => id);
      batches.push({ at: worker.now(), ids });
      if (ms > 0) await worker.sleep(ms);
      if (throws && ids.includes("ev-0")) throw new Error("one of them is poison");
      return { failed: new Map([...failures].filter(([id]) => ids.includes(id))) };
    },
    { size, lingerMs: 500, concurrency, attempts: 8, backoffMs: 1_000 },
  );
  const worker = createWorker(handler);
  const accept = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) =>
      worker.accept(
        sample("tencent-vod", "NewFileUpload", { id: `ev-${from + index}`, fingerprint: `fp-${from + index}` }),
      ),
    );
  return { worker, accept, batches };
}

test("in the test worker a full batch starts at once, and a partial one after the linger", async () => {
  const { worker, accept, batches } = setup();
  accept(4);
  await worker.settle();

  expect(batches).toEqual([
    { at: 0, ids: expect.toSatisfy((ids: readonly string[]) => ids.length === 3) },
    { at: 500, ids: [expect.any(String)] },
  ]);
  expect(worker.now()).toBe(500);
});

test("in the test worker each failed event of a batch has its own attempts", async () => {
  const failures = new Map<string, unknown>([
    ["ev-0", new Error("not yet")],
    ["ev-1", new PermanentError("never")],
  ]);
  const { worker, accept, batches } = setup({ failures });
  const lives = accept(3);
  await worker.settle(600);
  failures.delete("ev-0");
  await worker.settle();

  expect(lives.map(({ state, attempts }) => [state, attempts.length])).toEqual([
    ["handled", 2],
    ["parked", 1],
    ["handled", 1],
  ]);
  expect(batches.map(({ ids }) => ids.length)).toEqual([3, 1]);
});

test("in the test worker an event that fails every batch ends up alone, and parks no other", async () => {
  const { worker, accept, batches } = setup({ size: 8, throws: true });
  const lives = accept(8);
  await worker.settle();

  expect(lives.map(({ state }) => state)).toEqual(["parked", ...Array(7).fill("handled")]);
  const sizes = batches.filter(({ ids }) => ids.includes("ev-0")).map(({ ids }) => ids.length);
  expect(sizes.slice(0, 4)).toEqual([8, 4, 2, 1]);
});

test("the test worker runs no more batches at once than allowed", async () => {
  const { worker, accept, batches } = setup({ concurrency: 1, ms: 2_000 });
  accept(6);
  await worker.settle();

  expect(batches.map(({ at, ids }) => [at, ids.length])).toEqual([
    [0, 3],
    [2_000, 3],
  ]);
});
