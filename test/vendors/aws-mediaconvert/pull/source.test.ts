import { describe, expect, test, vi } from "vitest";
import { UNREADABLE } from "../../../../src/core/event.ts";
import { failureOf, pullUntil } from "../../../contracts/source-trial.ts";
import { collectGarbage } from "../../../support/garbage.ts";
import { jobEvent, type KEYS, QUEUE, simulated } from "./simulated.ts";

async function pulledFrom(count: number, visibilityMs = 30_000) {
  const { simulator, create } = await simulated({ visibilityMs });
  for (let index = 0; index < count; index += 1) simulator.publish(jobEvent("COMPLETE", { jobId: `job ${index}` }));
  const source = create({ visibilityMs });
  const deliveries = await pullUntil(source, count);
  return { simulator, source, receipts: deliveries.map(({ receipt }) => receipt) };
}

describe("a confirmation to SQS", () => {
  test("reports each refused receipt, and deletes the others", async () => {
    const { simulator, source, receipts } = await pulledFrom(3);
    simulator.faults.inject({ kind: "entries", codes: ["ReceiptHandleIsInvalid", "InvalidParameterValue"] });

    expect(await source.confirm(receipts)).toEqual({ refused: receipts.slice(0, 2) });
    expect(simulator.stats().confirmed).toBe(1);
  });

  test("that partly failed is an outage, and may be repeated", async () => {
    const { simulator, source, receipts } = await pulledFrom(2);
    simulator.faults.inject({ kind: "entries", codes: ["InternalError"] });

    expect(await failureOf(source.confirm(receipts))).toMatchObject({ kind: "outage" });
    expect(await source.confirm(receipts)).toEqual({ refused: [] });
  });

  test("whose answer does not name each receipt is an outage and no success", async () => {
    const { simulator, source, receipts } = await pulledFrom(1);
    simulator.faults.inject({ action: "DeleteMessageBatch", kind: "error", status: 200, code: "a proxy's own JSON" });

    expect(await failureOf(source.confirm(receipts))).toMatchObject({ kind: "outage" });
    expect(simulator.stats().confirmed).toBe(0);
    expect(await source.confirm(receipts)).toEqual({ refused: [] });
  });

  test("with an expired receipt is not sent, since SQS would say yes and delete nothing", async () => {
    const { simulator, source, receipts } = await pulledFrom(1, 50);
    await pullUntil(source, 1);

    expect(await source.confirm(receipts)).toEqual({ refused: receipts });
    expect(simulator.stats().calls["DeleteMessageBatch"]).toBeUndefined();
  });
});

describe("an extension at SQS", () => {
  test("hides the message for longer, and its receipt is valid for as long", async () => {
    const { simulator, source, receipts } = await pulledFrom(1, 1_000);
    const [old = ""] = receipts;

    const extended = await source.extend?.(old, 59_500);

    expect(extended).toMatchObject({ windowMs: 60_000 });
    const end = performance.now() + 1_200;
    while (performance.now() < end) await source.check();
    expect(await source.confirm([old, extended?.receipt ?? ""])).toEqual({ refused: [old] });
    expect(simulator.stats().confirmed).toBe(1);
  });

  test("of an expired receipt is refused", async () => {
    const { source, receipts } = await pulledFrom(1, 50);
    await pullUntil(source, 1);

    const call = async () => await source.extend?.(receipts[0] ?? "", 60_000);

    expect(await failureOf(call())).toMatchObject({ kind: "refused" });
  });

  test("of a message that is not hidden is refused, and does not show its handle", async () => {
    const { source, receipts, simulator } = await pulledFrom(1);
    await source.confirm(receipts);
    const handle = receipts[0]?.split(" ").at(-1) ?? "";
    const refused = { code: "MessageNotInflight", status: 400, message: `no ${handle}` };
    simulator.faults.inject({ action: "ChangeMessageVisibility", kind: "error", ...refused });

    const err = await failureOf((async () => await source.extend?.(receipts[0] ?? "", 60_000))());

    expect(err.kind).toBe("refused");
    expect(err.message).not.toContain(handle);
  });
});

describe("a message from SQS", () => {
  test.each([["no JSON"], ['"a text"'], ["[1]"]])("of %s is shown to the operator unchanged", async (text) => {
    const { simulator, create } = await simulated();
    simulator.publish(text);

    expect((await create().pull(16)).deliveries).toMatchObject([{ type: UNREADABLE, body: { raw: text } }]);
  });

  test("has the type of the job's status, else EventBridge's name, else none", async () => {
    const { simulator, create } = await simulated();
    simulator.publish(jobEvent("STATUS_UPDATE"));
    simulator.publish({ "detail-type": "Scheduled Event", detail: {} });
    simulator.publish({});

    const { deliveries } = await create().pull(16);

    expect(deliveries.map(({ type }) => type)).toEqual(["STATUS_UPDATE", "Scheduled Event", "(none)"]);
  });
});

describe("the check of an SQS queue", () => {
  test("warns of a queue with a short retention, or with a dead-letter queue", async () => {
    const attributes = { MessageRetentionPeriod: "3600", RedrivePolicy: '{"maxReceiveCount":3}' };
    const { create } = await simulated({ attributes });
    const source = create();
    expect(source.longestRetentionMs).toBe(14 * 24 * 3_600_000);

    const findings = await source.check();

    expect(findings).toMatchObject([
      { level: "warn", fact: expect.stringContaining("only 60 min") },
      { level: "warn", fact: expect.stringContaining("dead-letter queue") },
    ]);
    expect(source).toMatchObject({ retentionMs: 3_600_000, longestRetentionMs: 3_600_000 });
  });

  test.each([
    [{ accessKeyId: "AKIAOTHER" }, "AWS_ACCESS_KEY_ID"],
    [{ secretAccessKey: "another" }, "AWS_SECRET_ACCESS_KEY"],
    [{ sessionToken: "of yore" }, "AWS_SESSION_TOKEN"],
    [{ queue: "no-such-queue" }, "AWS_MEDIACONVERT_QUEUE_URLS"],
  ] as const)("with %j reports what to check", async (wrong, name) => {
    const { simulator, create } = await simulated();
    const { queue = QUEUE, ...keys }: { queue?: string } & Partial<typeof KEYS> = wrong;
    const source = create({ ...keys, queueUrl: simulator.queueUrl(queue) });

    expect(await failureOf(source.pull(16))).toMatchObject({
      kind: "configuration",
      fix: expect.stringContaining(name),
    });
    expect(await source.check()).toMatchObject([{ level: "error", fix: expect.stringContaining(name) }]);
  });

  test("only warns if the queue's attributes may not be read, and events are pulled all the same", async () => {
    const { simulator, create } = await simulated({ longPollMs: 0 });
    simulator.set({ denied: ["GetQueueAttributes"] });
    const source = create();

    expect(await source.check()).toMatchObject([
      { level: "warn", fix: expect.stringContaining("sqs:GetQueueAttributes") },
    ]);
    expect(await source.pull(16)).toMatchObject({ deliveries: [] });
  });
});

test("a pull from SQS leaves no listener on the worker's signal", async () => {
  const { simulator, create } = await simulated();
  const fetchOf = vi.spyOn(globalThis, "fetch");
  const signals: WeakRef<AbortSignal>[] = [];
  const source = create();
  const { signal } = new AbortController();
  for (let pulls = 0; pulls < 5; pulls += 1) {
    simulator.publish(jobEvent("COMPLETE", { jobId: String(pulls) }));
    await source.pull(16, signal);
    const given = fetchOf.mock.lastCall?.[1]?.signal;
    if (given) signals.push(new WeakRef(given));
    fetchOf.mockClear();
  }

  await vi.waitFor(async () => {
    await collectGarbage();
    // The kept connection still knows the last one.
    expect(signals.filter((one) => one.deref()).length).toBeLessThan(2);
  });
  expect(signals).toHaveLength(5);
});
