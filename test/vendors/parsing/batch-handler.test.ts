import { expect, expectTypeOf, test, vi } from "vitest";
import { createWorker, run, runTwice, sample } from "../../../src/testing/public.ts";
import { onBatch as onAlibaba } from "../../../src/vendors/alibaba-vod/public.ts";
import { onBatch as onAws } from "../../../src/vendors/aws-mediaconvert/public.ts";
import { type BatchEvent, onBatch, type PayloadOf } from "../../../src/vendors/tencent-vod/public.ts";
import { onBatch as onZego } from "../../../src/vendors/zegocloud/public.ts";
import { asInJavaScript } from "../../support/as-in-javascript.ts";

const TERMS = { size: 3, lingerMs: 500 };
const upload = sample("tencent-vod", "NewFileUpload");

test("onBatch gives each event's payload its type", async () => {
  const ids: (string | undefined)[] = [];
  const handler = onBatch(
    "NewFileUpload",
    (events) => {
      expectTypeOf(events).toEqualTypeOf<readonly BatchEvent<PayloadOf<"NewFileUpload">>[]>();
      ids.push(...events.map(({ payload, attempt }) => `${payload.FileId} ${attempt}`));
    },
    TERMS,
  );

  expect(await run(handler, upload)).toMatchObject({ outcome: "handled" });
  expect(ids).toEqual([expect.stringMatching(/^\S+ 1$/)]);
});

test.for([
  ["alibaba-vod", onAlibaba("*", () => {}, TERMS)],
  ["aws-mediaconvert", onAws("*", () => {}, TERMS)],
  ["zegocloud", onZego("*", () => {}, TERMS)],
] as const)("onBatch works for %s", async ([vendor, { vendor: own, batch }]) => {
  expect(own).toBe(vendor);
  expect(batch).toMatchObject(TERMS);
});

test.for<[string, unknown, string]>([
  ["a map", new Map(), "onBatch returned an object: return nothing if all events are handled"],
  ["a list of results", [{ status: "rejected" }], "onBatch returned an object: return nothing"],
  ["a number", 3, "onBatch returned 3: return nothing"],
  ["failures that are no map", { failed: [] }, "onBatch returned an object: return nothing"],
  [
    "an id that is not in the batch",
    { failed: new Map([["ev-9", new Error("no")]]) },
    'a failure of "ev-9", which is no id',
  ],
])("a run of onBatch that returns %s handles no event", async ([, result, why]) => {
  const handler = asInJavaScript(onBatch)("NewFileUpload", () => result, TERMS);

  const { outcome, error } = await run(handler, upload);

  expect(outcome).toBe("retry");
  expect(String(error)).toContain(why);
});

test("in onBatch an event without its content is parked, and the others are handled", async () => {
  const bad = sample("tencent-vod", "NewFileUpload", { body: { FileUploadEvent: null } });
  const handle = vi.fn<(events: readonly unknown[]) => void>();
  const worker = createWorker(onBatch("NewFileUpload", handle, TERMS));
  const lives = [upload, bad, sample("tencent-vod", "NewFileUpload")].map(worker.accept);
  await worker.settle();

  expect(lives.map(({ state }) => state)).toEqual(["handled", "parked", "handled"]);
  expect(handle.mock.calls.map(([events]) => events.length)).toEqual([2]);
});

test("in onBatch failed work is parked or ignored, and the others are handled", async () => {
  const body = { ConcatCompleteEvent: { FileInfoSet: [{ ErrCode: 70_000, Message: "no room" }] } };
  const bad = sample("tencent-vod", "ConcatComplete", { body });
  const handle = vi.fn<() => void>();

  const parking = onBatch("ConcatComplete", handle, { ...TERMS, failed: "park" });
  expect(await run(parking, bad)).toMatchObject({ outcome: "parked" });
  expect(await run(onBatch("ConcatComplete", handle, { ...TERMS, failed: "ignore" }), bad)).toMatchObject({
    outcome: "handled",
  });
  expect(handle).not.toHaveBeenCalled();
});

test("runTwice reports what a batch repeats", async () => {
  const db = { insert: async (...rows: readonly string[]) => void rows };
  const handler = onBatch("NewFileUpload", async (events) => await db.insert(...events.map(({ id }) => id)), TERMS);

  const { repeated } = await runTwice(handler, upload, { watch: { db } });

  expect(repeated).toMatchObject([{ first: 1, second: 1, alike: true }]);
});

test.for<[string, object | undefined, string]>([
  ["no options", undefined, "the options are missing: { size, lingerMs }"],
  ["a size of one", { size: 1, lingerMs: 5 }, "size is 1; use a whole number from 2 to 1000"],
  ["no linger", { size: 2 }, "lingerMs is undefined; use whole milliseconds from 1 to 3600000"],
  ["an order", { ...TERMS, orderBy: () => 1 }, "orderBy is about single events"],
  ["a rate", { ...TERMS, perSecond: 1 }, "perSecond is about single events"],
  ["half a batch at once", { ...TERMS, concurrency: 0.5 }, "concurrency is 0.5; use a whole number from 1 on"],
  ["a function for failed work", { ...TERMS, failed: () => {} }, 'use "park" or "ignore"'],
  ["a slip", { ...TERMS, linger: 5 }, "there is no option linger"],
])("onBatch refuses %s at the call", ([, options, why]) => {
  expect(() => asInJavaScript(onBatch)("NewFileUpload", () => {}, options)).toThrow(why);
});
