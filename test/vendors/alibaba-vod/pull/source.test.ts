import { describe, expect, test, vi } from "vitest";
import { UNREADABLE } from "../../../../src/core/event.ts";
import { failureOf } from "../../../contracts/source-trial.ts";
import { QUEUE, simulated } from "./simulated.ts";

const EVENT = { EventType: "SnapshotComplete", VideoId: "v1", "SourceURL ": "http://example.com/ü?a=1&b=<2>" };

describe("a message from MNS", () => {
  test.each([
    ["as JSON", EVENT, {}],
    ["as JSON in base64", EVENT, { base64: true }],
    ["as JSON over several lines", JSON.stringify(EVENT, null, 2), {}],
    [
      "as base64 over several lines",
      Buffer.from(JSON.stringify(EVENT)).toString("base64").replaceAll(/.{20}/g, "$&\r\n"),
      {},
    ],
  ])("that holds the event %s is delivered as that event", async (_, body, options) => {
    const { simulator, create } = await simulated();
    simulator.publish(EVENT);
    simulator.publish(body, options);

    const [plain, other] = (await create().pull(16)).deliveries;

    expect(other).toMatchObject({ type: "SnapshotComplete", body: EVENT });
    expect(other?.fingerprint).toBe(plain?.fingerprint);
  });

  test.each([
    ["text", "what is this?"],
    ["nothing", ""],
    ["a list", "[1]"],
    ["a number", "7"],
    ["base64 of text", Buffer.from("what is this?").toString("base64")],
    ["base64 of bytes", Buffer.from([0xff, 0xfe, 0x7b]).toString("base64")],
    ["XML", "<Message>&amp;</Message>"],
    ["characters that XML forbids", "a\u0001b"],
    ["JSON nested too deep to be stored", `{"a":${"[".repeat(30_000)}${"]".repeat(30_000)}}`],
  ])("of %s is shown to the operator unchanged, and the others are delivered", async (_, text) => {
    const { simulator, create } = await simulated();
    simulator.publish(text);
    simulator.publish(EVENT);
    const source = create();

    const { deliveries } = await source.pull(16);

    expect(deliveries).toMatchObject([{ type: UNREADABLE, body: { raw: text } }, { type: "SnapshotComplete" }]);
    expect(await source.confirm(deliveries.map(({ receipt }) => receipt))).toEqual({ refused: [] });
  });

  test("is the same event if the vendor puts it into the queue twice", async () => {
    const { simulator, create } = await simulated();
    simulator.publish(EVENT, { count: 2 });

    const [one, again] = (await create().pull(16)).deliveries;

    expect(again?.fingerprint).toBe(one?.fingerprint);
  });
});

describe("a confirmation to MNS", () => {
  test("reports each refused receipt, and deletes the others", async () => {
    const { simulator, create } = await simulated();
    const ids = simulator.publish(EVENT, { count: 4 });
    const source = create();
    const receipts = (await source.pull(16)).deliveries.map(({ receipt }) => receipt);
    simulator.faults.inject({ kind: "stale", items: 2 });

    expect(await source.confirm(receipts)).toEqual({ refused: receipts.slice(0, 2) });
    expect(ids.map((id) => simulator.find(id)?.state)).toEqual(["hidden", "hidden", "confirmed", "confirmed"]);
  });

  test("of a deleted message is refused", async () => {
    const { simulator, create } = await simulated();
    simulator.publish(EVENT);
    const source = create();
    const [receipt = ""] = (await source.pull(16)).deliveries.map((delivery) => delivery.receipt);
    await source.confirm([receipt]);

    expect(await source.confirm([receipt])).toEqual({ refused: [receipt] });
  });

  test.each([
    ["a proxy's 502 page", { kind: "bad-gateway" }],
    ["a proxy's page with status 200", { kind: "non-xml" }],
    ["no answer at all", { kind: "drop-before" }],
    ["HTTP 500", { kind: "error", code: "InternalError" }],
  ] as const)("that gets %s is an outage and no success", async (_, fault) => {
    const { simulator, create } = await simulated();
    simulator.publish(EVENT);
    const source = create();
    const receipts = (await source.pull(16)).deliveries.map(({ receipt }) => receipt);
    simulator.faults.inject({ ...fault, action: "BatchDeleteMessage" });

    expect(await failureOf(source.confirm(receipts))).toMatchObject({ kind: "outage" });
    expect(simulator.stats().confirmed).toBe(0);
    expect(await source.confirm(receipts)).toEqual({ refused: [] });
  });

  test("whose answer was lost is an outage, and its receipts are refused later", async () => {
    const { simulator, create } = await simulated();
    simulator.publish(EVENT);
    const source = create();
    const receipts = (await source.pull(16)).deliveries.map(({ receipt }) => receipt);
    simulator.faults.inject({ kind: "drop-after", action: "BatchDeleteMessage" });

    expect(await failureOf(source.confirm(receipts))).toMatchObject({ kind: "outage" });
    expect(await source.confirm(receipts)).toEqual({ refused: receipts });
  });
});

describe.concurrent("an extension at MNS", () => {
  test("hides the message for longer, and its new receipt replaces the old one", async () => {
    const { simulator, create } = await simulated({ visibilityMs: 1_500 });
    simulator.publish(EVENT);
    const source = create({ waitSeconds: 2 });
    const [old = ""] = (await source.pull(16)).deliveries.map(({ receipt }) => receipt);

    const { receipt, windowMs } = await source.extend(old, 59_500);

    expect(receipt).not.toBe(old);
    expect(windowMs).toBe(60_000);
    expect(await source.pull(16)).toMatchObject({ deliveries: [] });
    expect(await source.confirm([old, receipt])).toEqual({ refused: [old] });
    expect(simulator.stats()).toMatchObject({ confirmed: 1, delivered: 1 });
  });

  test("of an invalid receipt is refused, and shows no receipt", async () => {
    const { simulator, create } = await simulated();
    simulator.publish(EVENT);
    const source = create();
    const [old = ""] = (await source.pull(16)).deliveries.map(({ receipt }) => receipt);
    await source.extend(old, 60_000);

    const err = await failureOf(source.extend(old, 60_000));

    expect(err.kind).toBe("refused");
    expect(err.message).not.toContain(old);
  });

  test.each([
    [0, 1_000],
    [1, 1_000],
    [1_001, 2_000],
    [10 ** 9, 43_200_000],
  ])("by %i ms becomes one by %i ms, which the vendor can do", async (ms, windowMs) => {
    const { simulator, create } = await simulated();
    simulator.publish(EVENT);
    const source = create();
    const [receipt = ""] = (await source.pull(16)).deliveries.map((delivery) => delivery.receipt);

    expect(await source.extend(receipt, ms)).toMatchObject({ windowMs });
  });

  test("can be aborted", async () => {
    const { create } = await simulated();
    const reason = new Error("stopping");

    await expect(create().extend("any", 1_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe.concurrent("an empty MNS queue", () => {
  test("reports that the vendor waited", async () => {
    const { create } = await simulated({ longPollMs: 1_200 });

    expect(await create({ waitSeconds: 1 }).pull(16)).toEqual({ deliveries: [], waited: true });
  });

  test("reports that the vendor did not wait if it answers at once over its limit of long polls, and logs that after a while", async () => {
    const { simulator, create, logs } = await simulated();
    simulator.faults.inject({ kind: "early-empty", times: 15 });
    const source = create();

    for (let pulls = 0; pulls < 15; pulls += 1)
      expect(await source.pull(16)).toEqual({ deliveries: [], waited: false });

    expect(logs).toEqual([expect.objectContaining({ level: 40, source: `alibaba-vod/mns/${QUEUE}` })]);
  });

  test("is asked with one long poll at a time if the account allows no more", async () => {
    const { simulator, create } = await simulated({ longPolls: 1 });
    const source = create();
    const held = source.pull(16);
    await vi.waitFor(() => expect(simulator.stats().calls["BatchReceiveMessage"]).toBe(1));

    expect(await source.pull(16)).toEqual({ deliveries: [], waited: false });
    simulator.publish(EVENT);
    expect((await held).deliveries).toHaveLength(1);
  });
});
