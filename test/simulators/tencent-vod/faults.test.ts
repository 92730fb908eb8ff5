import { expect, test, vi } from "vitest";
import { outcomeOf, setup } from "./setup.ts";

test.each([
  ["http-500", "Internal Server Error"],
  ["http-429", "Too Many Requests"],
  ["non-json", "invalid json"],
  ["no-response-member", "Cannot read properties of undefined"],
  ["drop-before", "socket hang up"],
] as const)("the fault %s spoils one call, which has no effect", async (kind, message) => {
  const { simulator, pull, client } = await setup();
  const [id = ""] = simulator.publish("NewFileUpload");
  simulator.faults.inject({ action: "PullEvents", kind });

  await expect(client.PullEvents({})).rejects.toThrow(message);

  expect(simulator.find(id)).toMatchObject({ timesDelivered: 0 });
  expect(simulator.stats().outcomes).toEqual({ [kind]: 1 });
  expect(await pull()).toHaveLength(1);
});

test("the fault drop-after loses the answer of a call that took effect", async () => {
  const { simulator, pull, confirm } = await setup();
  const [id = ""] = simulator.publish("NewFileUpload");
  const [handle = ""] = await pull();
  simulator.faults.inject({ action: "ConfirmEvents", kind: "drop-after" });

  await expect(confirm(handle)).rejects.toThrow("socket hang up");

  expect(simulator.find(id)).toMatchObject({ state: "confirmed" });
});

test("the fault drop-after on pulls waits for a pull with events", async () => {
  const { simulator, pull, client } = await setup();
  simulator.faults.inject({ action: "PullEvents", kind: "drop-after" });
  expect(await pull()).toEqual([]);
  const [id = ""] = simulator.publish("NewFileUpload");

  await expect(client.PullEvents({})).rejects.toThrow("socket hang up");

  expect(simulator.find(id)).toMatchObject({ state: "hidden", timesDelivered: 1 });
});

test("the fault http-500 may have an effect on request", async () => {
  const { simulator, pull, confirm } = await setup();
  const [id = ""] = simulator.publish("NewFileUpload");
  const [handle = ""] = await pull();
  simulator.faults.inject({ action: "ConfirmEvents", kind: "http-500", effect: true });

  await expect(confirm(handle)).rejects.toMatchObject({ httpCode: 500 });

  expect(simulator.find(id)).toMatchObject({ state: "confirmed" });
});

test("the fault error has the given code and message", async () => {
  const { simulator, client } = await setup();
  simulator.faults.inject({ kind: "error", code: "FailedOperation.InvalidVodUser", message: "not a user" });

  await expect(client.DescribeEventConfig({})).rejects.toMatchObject({
    code: "FailedOperation.InvalidVodUser",
    message: "not a user",
  });
});

test("the fault latency delays a call, which then has its effect", async () => {
  const { simulator, pull } = await setup();
  simulator.publish("NewFileUpload");
  simulator.faults.inject({ action: "PullEvents", kind: "latency", ms: 120 });
  const began = performance.now();

  expect(await pull()).toHaveLength(1);

  expect(performance.now() - began).toBeGreaterThan(110);
});

test("the fault latency has no effect if the client gives up", async () => {
  const { simulator, pull, client } = await setup();
  const [id = ""] = simulator.publish("NewFileUpload");
  const EventHandles = [...(await pull())];
  simulator.faults.inject({ action: "ConfirmEvents", kind: "latency", ms: 60_000 });
  const hangUp = new AbortController();
  const call = outcomeOf(client.request("ConfirmEvents", { EventHandles }, { signal: hangUp.signal }));
  await vi.waitFor(() => expect(simulator.stats().calls).toMatchObject({ ConfirmEvents: 1 }));

  hangUp.abort();
  await call;

  await vi.waitFor(() => expect(simulator.stats().outcomes).toMatchObject({ "client-gone": 1 }));
  expect(simulator.find(id)).toMatchObject({ state: "hidden" });
});

test("the fault stale makes handles invalid for one call", async () => {
  const { simulator, pull, confirm } = await setup();
  simulator.publish("NewFileUpload", { count: 2 });
  const handles = await pull();
  simulator.faults.inject({ action: "ConfirmEvents", kind: "stale" });

  expect(await outcomeOf(confirm(...handles))).toBe("InvalidParameterValue");
  expect(simulator.stats()).toMatchObject({ confirmed: 0, staleHandles: 2 });

  expect(await outcomeOf(confirm(...handles))).toBe("ok");
});

test("the fault duplicate delivers an event twice within its window, and its newer handle confirms it", async () => {
  const { simulator, pull, confirm } = await setup();
  const [id = ""] = simulator.publish("NewFileUpload");
  simulator.faults.inject({ action: "PullEvents", kind: "duplicate" });

  const [first = ""] = await pull();
  const [second = ""] = await pull();
  expect(await pull()).toEqual([]);

  expect(first).not.toBe(second);
  expect(await outcomeOf(confirm(first))).toBe("InvalidParameterValue");
  expect(await outcomeOf(confirm(second))).toBe("ok");
  expect(simulator.find(id)).toMatchObject({ timesDelivered: 2, confirmations: 1 });
});

test("an event of the fault duplicate that is confirmed before its second delivery is not delivered again", async () => {
  const { simulator, pull, confirm } = await setup();
  simulator.publish("NewFileUpload");
  simulator.faults.inject({ action: "PullEvents", kind: "duplicate" });
  const handles = await pull();

  await confirm(...handles);

  expect(await pull()).toEqual([]);
  expect(simulator.stats()).toMatchObject({ visible: 0, unconfirmed: 0 });
});

test("the fault reorder makes a pull bring the newest events first", async () => {
  const { simulator, pull } = await setup();
  const ids = simulator.publish("NewFileUpload", { count: 20 });
  simulator.faults.inject({ action: "PullEvents", kind: "reorder" });

  const handles = await pull();

  const newest = ids.map((id) => simulator.find(id)?.deliveries[0]?.handle).slice(4);
  expect(handles).toEqual(newest.toReversed());
});

test("a fault hits the given number of calls, and none after it is cleared", async () => {
  const { simulator, client } = await setup();
  simulator.faults.inject({ action: "DescribeEventConfig", kind: "error", code: "InternalError", times: 2 });
  simulator.faults.inject({ action: "DescribeEventConfig", kind: "error", code: "FailedOperation", probability: 1 });
  const outcome = () => outcomeOf(client.DescribeEventConfig({}));

  const outcomes = [await outcome(), await outcome(), await outcome(), await outcome()];
  expect(outcomes).toEqual(["InternalError", "InternalError", "FailedOperation", "FailedOperation"]);
  expect(simulator.faults.list().map(({ hits }) => hits)).toEqual([2, 2]);

  simulator.faults.clear();
  expect(await outcome()).toBe("ok");
});

test("a fault with a probability hits some calls", async () => {
  const { simulator, client } = await setup();
  simulator.faults.inject({ kind: "error", code: "InternalError", probability: 0.5 });

  const outcomes = await Promise.all(Array.from({ length: 100 }, () => outcomeOf(client.DescribeEventConfig({}))));

  expect(new Set(outcomes)).toEqual(new Set(["ok", "InternalError"]));
});

test("a fault with invalid values is refused", async () => {
  const { simulator } = await setup();

  expect(() => simulator.faults.inject({ kind: "latency", ms: -1 })).toThrow("ms");
  expect(() => simulator.faults.inject({ kind: "error", probability: 2 })).toThrow("probability");
});
