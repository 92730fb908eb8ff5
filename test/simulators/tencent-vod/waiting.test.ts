import { expect, test, vi } from "vitest";
import { outcomeOf, pullHandles, setup } from "./setup.ts";

test("a long poll of the Tencent simulator on an empty queue ends with an error", async () => {
  const { client } = await setup({ longPollMs: 150 });
  const began = performance.now();

  await expect(client.PullEvents({})).rejects.toMatchObject({ code: "ResourceNotFound", message: "no event" });

  expect(performance.now() - began).toBeGreaterThan(140);
});

test("a waiting pull of the Tencent simulator gets newly published events in one batch", async () => {
  const { simulator, client } = await setup({ longPollMs: 20_000 });
  const waiting = pullHandles(client);
  await vi.waitFor(() => expect(simulator.stats().calls).toEqual({ PullEvents: 1 }));

  for (let index = 0; index < 5; index += 1) simulator.publish("NewFileUpload");

  expect(await waiting).toHaveLength(5);
});

test("a waiting pull of the Tencent simulator gets events that become visible again", async () => {
  const { simulator, client } = await setup({ windowMs: 100, longPollMs: 20_000 });
  const [id = ""] = simulator.publish("NewFileUpload");
  const [first = ""] = await pullHandles(client);

  const [second = ""] = await pullHandles(client);

  expect(second).not.toBe(first);
  const [one, two] = simulator.find(id)?.deliveries ?? [];
  expect(two?.at).toBeGreaterThanOrEqual(one?.until ?? Infinity);
});

test("a client of the Tencent simulator that hangs up while it waits takes no event", async () => {
  const { simulator, client } = await setup({ longPollMs: 20_000 });
  const hangUp = new AbortController();
  const waiting = outcomeOf(client.request("PullEvents", {}, { signal: hangUp.signal }));
  await vi.waitFor(() => expect(simulator.stats().calls).toEqual({ PullEvents: 1 }));

  hangUp.abort();
  await waiting;
  await vi.waitFor(() => expect(simulator.stats().outcomes).toEqual({ "client-gone": 1 }));
  const [id = ""] = simulator.publish("NewFileUpload");

  expect(simulator.find(id)?.timesDelivered).toBe(0);
  expect(await pullHandles(client)).toHaveLength(1);
});
