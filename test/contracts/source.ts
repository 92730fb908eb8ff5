/** The contract of every source, for any vendor. It runs against a simulator of the vendor, over real HTTP. */
import { describe, expect, test, vi } from "vitest";
import type { Delivery } from "../../src/core/source.ts";
import { accountContract, failureContract } from "./source-failures.ts";
import { CALM, pullUntil, refusedOf, type SourceSetup } from "./source-trial.ts";

export function sourceContract(name: string, setup: SourceSetup): void {
  describe(name, () => {
    describe("pull", () => pullContract(setup));
    describe("confirm", () => confirmContract(setup));
    describe("failures", () => failureContract(setup));
    describe("account", () => accountContract(setup));
  });
}

function pullContract(setup: SourceSetup): void {
  test("returns the waiting events, each with its own receipt, which is not in the event's body", async () => {
    const { source, vendor } = await setup(CALM);
    vendor.publish(["a", "b", "c"]);

    const deliveries = await pullUntil(source, 3);

    expect(new Set(deliveries.map(({ receipt }) => receipt)).size).toBe(3);
    expect(new Set(deliveries.map(({ fingerprint }) => fingerprint)).size).toBe(3);
    for (const { receipt, fingerprint, type, body } of deliveries) {
      expect(receipt).not.toBe("");
      expect(fingerprint).toMatch(/^[\w-]{22}$/);
      expect(type).not.toBe("");
      expect(JSON.stringify(body)).not.toContain(receipt);
    }
  });

  test("returns at most one batch at a time, and over several pulls all events", async () => {
    const { source, vendor } = await setup(CALM);
    const contents = Array.from({ length: source.batchSize * 2 + 3 }, (_, index) => `event ${index}`);
    vendor.publish(contents);

    const deliveries: Delivery[] = [];
    while (deliveries.length < contents.length) {
      const pulled = await source.pull(16);
      expect(pulled.deliveries.length).toBeLessThanOrEqual(source.batchSize);
      deliveries.push(...pulled.deliveries);
    }

    expect(new Set(deliveries.map(({ fingerprint }) => fingerprint)).size).toBe(contents.length);
  });

  test("returns no more events than asked for, unless the source declares that its vendor cannot limit them", async () => {
    const { source, vendor } = await setup(CALM);
    vendor.publish(Array.from({ length: 6 }, (_, index) => `event ${index}`));

    const pulled = await source.pull(2);

    expect(pulled.deliveries.length).toBeLessThanOrEqual(source.ignoresMax ? source.batchSize : 2);
    if (!source.ignoresMax) expect(await pullUntil(source, 4)).toHaveLength(4);
  });

  test("returns an event that is published while the vendor holds the call", async () => {
    const { source, vendor } = await setup(CALM);
    const pull = source.pull(16);
    await vi.waitFor(() => expect(vendor.pulls()).toBe(1));

    vendor.publish(["a"]);

    expect(await pull).toEqual({
      deliveries: [expect.objectContaining({ fingerprint: expect.any(String) })],
      waited: false,
    });
  });

  test("returns nothing from an empty queue, and says whether the vendor waited", async () => {
    const patient = await setup({ ...CALM, longPollMs: 1_200 });
    const hasty = await setup({ ...CALM, longPollMs: 0 });

    expect(await patient.source.pull(16)).toEqual({ deliveries: [], waited: true });
    // The first call also opens the connection, so it is not measured.
    await hasty.source.pull(16);
    expect(await hasty.source.pull(16)).toEqual({ deliveries: [], waited: false });
  });

  test("returns an unconfirmed event again after its window, under the same fingerprint", async () => {
    const { source, vendor } = await setup({ ...CALM, windowMs: 50 });
    vendor.publish(["a"]);

    const [first] = await pullUntil(source, 1);
    const [again] = await pullUntil(source, 1);

    expect(again).toEqual({ ...first, receipt: again?.receipt });
  });

  test("gives identical bodies one fingerprint, and a different one in another queue", async () => {
    const { source, other, vendor } = await setup(CALM);
    vendor.publish(["a", "a"]);
    vendor.publish(["a"], "other");

    const [one, twin] = await pullUntil(source, 2);
    const [stranger] = await pullUntil(other, 1);

    expect(twin?.fingerprint).toBe(one?.fingerprint);
    expect(twin?.receipt).not.toBe(one?.receipt);
    expect(stranger?.body).toEqual(one?.body);
    expect(stranger?.fingerprint).not.toBe(one?.fingerprint);
    expect(other.name).not.toBe(source.name);
  });

  test("ends when it is aborted, and rejects with the abort's reason", async () => {
    const { source, vendor } = await setup(CALM);
    const stop = new AbortController();
    const reason = new Error("stopping");
    const pull = source.pull(16, stop.signal);
    await vi.waitFor(() => expect(vendor.pulls()).toBe(1));

    stop.abort(reason);

    await expect(pull).rejects.toBe(reason);
    await expect(source.pull(16, stop.signal)).rejects.toBe(reason);
    expect(vendor.pulls()).toBe(1);
  });
}

function confirmContract(setup: SourceSetup): void {
  test("confirms a whole batch in one call", async () => {
    const { source, vendor } = await setup(CALM);
    vendor.publish(Array.from({ length: source.batchSize }, (_, index) => `event ${index}`));
    const deliveries = await pullUntil(source, source.batchSize);

    const answer = await source.confirm(deliveries.map(({ receipt }) => receipt));

    expect(answer).toEqual({ refused: [] });
    expect(vendor.confirmed()).toBe(source.batchSize);
  });

  test("a confirmed event does not return, and an unconfirmed one does", async () => {
    const { source, vendor } = await setup({ ...CALM, windowMs: 2_000 });
    vendor.publish(["a", "b"]);
    const [confirmed, unconfirmed] = await pullUntil(source, 2);

    await source.confirm([confirmed?.receipt ?? ""]);

    expect(await pullUntil(source, 1)).toMatchObject([{ fingerprint: unconfirmed?.fingerprint }]);
    expect(vendor.confirmed()).toBe(1);
  });

  test("an empty list of receipts is no error", async () => {
    const { source } = await setup(CALM);

    expect(await source.confirm([])).toEqual({ refused: [] });
  });

  test("a dead receipt is reported as refused, never as confirmed", async () => {
    const { source, vendor } = await setup({ ...CALM, windowMs: 50 });
    vendor.publish(["a"]);
    const [dead] = await pullUntil(source, 1);
    await pullUntil(source, 1);

    const refused = await refusedOf(source, [dead?.receipt ?? ""]);

    expect(refused).toEqual([dead?.receipt]);
    expect(vendor.confirmed()).toBe(0);
  });

  test("a dead receipt in a batch is reported as refused", async () => {
    const { source, vendor } = await setup({ ...CALM, windowMs: 2_000 });
    vendor.publish(["a"]);
    const [dead] = await pullUntil(source, 1);
    await pullUntil(source, 1);
    vendor.publish(["b"]);
    const [good] = await pullUntil(source, 1);

    const refused = await refusedOf(source, [good?.receipt ?? "", dead?.receipt ?? ""]);

    expect(refused).toContain(dead?.receipt);
    expect(vendor.confirmed()).toBeLessThanOrEqual(1);
  });
}
