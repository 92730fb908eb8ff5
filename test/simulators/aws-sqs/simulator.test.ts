/** The simulated SQS itself; its clients' tests show the rest. */
import { describe, expect, test, vi } from "vitest";
import { pullUntil } from "../../contracts/source-trial.ts";
import { jobEvent, KEYS, QUEUE, simulated } from "../../vendors/aws-mediaconvert/pull/simulated.ts";
import { STATUSES, sampleOf } from "../../../src/simulators/aws-sqs/samples.ts";
import { readEvent } from "../../../src/vendors/aws-mediaconvert/events/events.ts";

describe("a message in the simulated SQS queue", () => {
  test("has a history", async () => {
    const { simulator, create } = await simulated({ visibilityMs: 500 });
    const [id = ""] = simulator.publish(jobEvent("COMPLETE"));
    const source = create({ visibilityMs: 60_000 });
    await pullUntil(source, 1);
    const [second] = await pullUntil(source, 1);
    await source.confirm([second?.receipt ?? ""]);

    expect(simulator.find(id)).toMatchObject({
      queue: QUEUE,
      type: "COMPLETE",
      state: "confirmed",
      timesDelivered: 2,
      confirmations: 1,
    });
    expect(simulator.stats()).toMatchObject({ published: 1, delivered: 2, confirmed: 1, unconfirmed: 0 });
  });

  test("is not deleted by an old handle, although the call succeeds", async () => {
    const { simulator, create } = await simulated({ visibilityMs: 500 });
    simulator.publish(jobEvent("COMPLETE"));
    const source = create({ visibilityMs: 60_000 });
    const [first] = await pullUntil(source, 1);
    await pullUntil(source, 1);

    expect(await source.confirm([first?.receipt ?? ""])).toEqual({ refused: [] });

    expect(simulator.stats()).toMatchObject({ confirmed: 0, staleHandles: 1 });
  });

  test("is deleted by its newest handle even after its window closed", async () => {
    const { simulator, create } = await simulated({ visibilityMs: 500 });
    const [id = ""] = simulator.publish(jobEvent("COMPLETE"));
    const source = create({ visibilityMs: 60_000 });
    const [first] = await pullUntil(source, 1);
    await vi.waitFor(() => expect(simulator.find(id)?.state).toBe("visible"));

    await source.confirm([first?.receipt ?? ""]);

    expect(simulator.find(id)?.state).toBe("confirmed");
  });

  test("goes to one of those that wait", async () => {
    const { simulator, create } = await simulated();
    const source = create();
    const pulls = Promise.race([source.pull(16), source.pull(16)]);
    await vi.waitFor(() => expect(simulator.stats().calls["ReceiveMessage"]).toBe(2));

    simulator.publish(jobEvent("COMPLETE"));

    expect((await pulls).deliveries).toHaveLength(1);
    expect(simulator.stats()).toMatchObject({ delivered: 1, visible: 0 });
  });
});

describe("the SQS simulator refuses", () => {
  test.each([
    ["a call without a signature", {}, "UnrecognizedClientException"],
    ["another scheme", { authorization: "Bearer x" }, "UnrecognizedClientException"],
    ["a key without its token", { authorization: claimOf("sqs") }, "ExpiredTokenException"],
    ["a forged signature", { authorization: claimOf("sqs"), ...token() }, "InvalidSignatureException"],
    ["a signature for another service", { authorization: claimOf("sns"), ...token() }, "InvalidSignatureException"],
  ])("%s", async (_, headers, code) => {
    const { simulator } = await simulated();

    const answer = await fetch(simulator.url, { method: "POST", body: "{}", headers });

    expect(await answer.json()).toMatchObject({ __type: `com.amazonaws.sqs#${code}` });
    expect(answer.ok).toBe(false);
  });

  test("a call whose clock is too early or too late", async () => {
    const { simulator, create } = await simulated();
    for (const clockOffsetMs of [310_000, -310_000]) {
      simulator.set({ clockOffsetMs });
      await expect(create().backlog?.()).rejects.toMatchObject({ kind: "clock" });
    }

    simulator.set({ clockOffsetMs: 200_000 });
    await expect(create().backlog?.()).resolves.toBe(0);
  });

  test("unknown settings, faults and queues, by name", async () => {
    const { simulator } = await simulated();

    expect(() => simulator.set({ retentionMs: -1 })).toThrow("retentionMs");
    expect(() => simulator.faults.inject({ kind: "entries", codes: [] })).toThrow("codes");
    expect(() => simulator.publish({}, { queue: "nowhere" })).toThrow("no queue nowhere; there is mediaconvert");
  });
});

test.each(["http-500", "non-json", "drop-before", "drop-after"] as const)(
  "the SQS fault %s spoils one deletion, which the source reports as an outage",
  async (kind) => {
    const { simulator, create } = await simulated();
    simulator.publish(jobEvent("COMPLETE"));
    const source = create();
    const receipts = (await pullUntil(source, 1)).map(({ receipt }) => receipt);
    simulator.faults.inject({ action: "DeleteMessageBatch", kind });

    await expect(source.confirm(receipts)).rejects.toMatchObject({ kind: "outage" });

    expect(simulator.stats().confirmed).toBe(kind === "drop-after" ? 1 : 0);
    expect(simulator.stats().outcomes).toMatchObject({ [kind]: 1 });
  },
);

test("the SQS simulator publishes events over HTTP, by status or with a given body", async () => {
  const { simulator } = await simulated();
  const post = (body: object) =>
    fetch(`${simulator.url}/control/events`, { method: "POST", body: JSON.stringify(body) });

  expect(await (await post({ type: "COMPLETE", count: 2 })).json()).toEqual({ ids: ["message-1", "message-2"] });
  expect((await post({ body: "no event at all" })).status).toBe(201);
  expect((await post({})).status).toBe(400);

  const history: unknown = await (await fetch(`${simulator.url}/control/events`)).json();
  expect(history).toMatchObject({ events: [{ type: "COMPLETE" }, { type: "COMPLETE" }, { type: "" }] });
});

test.each(STATUSES)("samples of %s can be read as that type, and no two are equal", (status) => {
  const [one, other] = [JSON.stringify(sampleOf(status)), JSON.stringify(sampleOf(status))];

  expect(readEvent(one)?.type).toBe(status);
  expect(one).not.toBe(other);
});

function claimOf(service: string): string {
  const credential = `${KEYS.accessKeyId}/20261120/local/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=${"0".repeat(64)}`;
}

function token() {
  return { "x-amz-security-token": KEYS.sessionToken };
}
