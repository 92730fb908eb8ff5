import { expect, test, vi } from "vitest";
import { connect, outcomeOf, pullEvents, pullHandles, setup } from "./setup.ts";

test("a pulled event stays hidden for its window, and is gone once confirmed", async () => {
  const { simulator, pull, confirm } = await setup();
  const [id = ""] = simulator.publish("NewFileUpload");

  const [handle = ""] = await pull();
  expect(await pull()).toEqual([]);
  await confirm(handle);

  expect(simulator.find(id)).toMatchObject({
    type: "NewFileUpload",
    state: "confirmed",
    timesDelivered: 1,
    confirmations: 1,
    deliveries: [{ handle, at: expect.any(Number), until: expect.any(Number) }],
    confirmedAt: expect.any(Number),
  });
  expect(simulator.stats()).toMatchObject({ published: 1, delivered: 1, confirmed: 1, unconfirmed: 0, visible: 0 });
});

test("a pull brings up to 16 events, oldest first", async () => {
  const { simulator, pull } = await setup();
  const ids = simulator.publish("FileDeleted", { count: 20 });

  expect(await pull()).toHaveLength(16);
  expect(ids.map((id) => simulator.find(id)?.state).lastIndexOf("hidden")).toBe(15);
  expect(await pull()).toHaveLength(4);
});

test("a redelivery carries the same handle where that is chosen, good again in its new window", async () => {
  const { simulator, pull, confirm } = await setup({ handles: "same", windowMs: 80 });
  simulator.publish("NewFileUpload");
  const [first = ""] = await pull();
  await vi.waitFor(() => expect(simulator.stats().visible).toBe(1));
  expect(await outcomeOf(confirm(first))).toBe("InvalidParameterValue");

  simulator.set({ windowMs: 30_000 });
  expect(await pull()).toEqual([first]);

  expect(await outcomeOf(confirm(first))).toBe("ok");
});

test("only the newest handle confirms", async () => {
  const { simulator, pull, confirm } = await setup({ windowMs: 20 });
  simulator.publish("NewFileUpload");
  const [first = ""] = await pull();
  simulator.set({ windowMs: 30_000 });
  const second = await vi.waitUntil(async () => (await pull())[0]);

  expect(await outcomeOf(confirm(first))).toBe("InvalidParameterValue");
  expect(await outcomeOf(confirm(second))).toBe("ok");
});

test.each([
  ["refuse-all", "InvalidParameterValue", 0],
  ["take-good-refuse-call", "InvalidParameterValue", 2],
  ["accept-silently", "ok", 2],
] as const)("a stale handle among good ones under %s", async (staleHandles, outcome, confirmed) => {
  const { simulator, pull, confirm } = await setup({ staleHandles });
  simulator.publish("NewFileUpload", { count: 2 });
  const [one = "", two = ""] = await pull();

  expect(await outcomeOf(confirm(one, "of-no-event", two))).toBe(outcome);

  expect(simulator.stats()).toMatchObject({ confirmed, unconfirmed: 2 - confirmed, staleHandles: 1 });
});

test("a needless second confirmation is refused, and shows in the history", async () => {
  const { simulator, pull, confirm } = await setup();
  const [id = ""] = simulator.publish("NewFileUpload");
  const [handle = ""] = await pull();
  await confirm(handle);

  expect(await outcomeOf(confirm(handle))).toBe("InvalidParameterValue");

  expect(simulator.find(id)).toMatchObject({ confirmations: 2 });
  expect(simulator.stats()).toMatchObject({ confirmed: 1 });
});

test("an unconfirmed event is deleted at the end of its retention", async () => {
  const { simulator, pull, confirm } = await setup({ windowMs: 10_000 });
  const [pulled = "", unseen = ""] = simulator.publish("NewFileUpload", { count: 2 });
  simulator.publish("NewFileUpload", { count: 15 });
  const handles = await pull();

  simulator.set({ retentionMs: 0 });

  expect(simulator.find(pulled)).toMatchObject({ state: "purged", purgedAt: expect.any(Number) });
  expect(simulator.find(unseen)).toMatchObject({ state: "purged" });
  expect(simulator.stats()).toMatchObject({ unconfirmed: 0, visible: 0, purged: 17 });
  expect(await pull()).toEqual([]);
  expect(await outcomeOf(confirm(...handles))).toBe("InvalidParameterValue");
});

test("1,000 events are pulled and confirmed by parallel clients, each once", { timeout: 60_000 }, async () => {
  const { simulator } = await setup({ longPollMs: 0 });
  const ids = simulator.publish("ProcedureStateChanged", { count: 1_000 });

  await Promise.all(
    Array.from({ length: 4 }, async () => {
      const client = connect(simulator.url);
      for (let handles = await pullHandles(client); handles.length > 0; handles = await pullHandles(client)) {
        await client.ConfirmEvents({ EventHandles: [...handles] });
      }
    }),
  );

  expect(simulator.history()).toHaveLength(ids.length);
  expect(simulator.history().every((event) => event.timesDelivered === 1 && event.confirmations === 1)).toBe(true);
  expect(simulator.stats()).toMatchObject({ confirmed: 1_000, unconfirmed: 0 });
});

test("the history keeps as many finished events as it may, and every unfinished one", async () => {
  const { simulator, client } = await setup({ historyLimit: 10 });
  const ids = simulator.publish("NewFileUpload", { count: 40 });
  for (let batch = 0; batch < 2; batch += 1)
    await client.ConfirmEvents({ EventHandles: [...(await pullHandles(client))] });

  expect(simulator.history().map(({ id }) => id)).toEqual(ids.slice(22));
  expect(simulator.find(ids[0] ?? "")).toBeUndefined();
  expect(simulator.stats()).toMatchObject({ published: 40, confirmed: 32, unconfirmed: 8 });
});

test("an event left unconfirmed comes back whole", async () => {
  const { simulator, client } = await setup({ windowMs: 20 });
  simulator.publish("SplitMediaComplete");
  const [first] = await pullEvents(client);

  const [second] = await vi.waitUntil(async () => {
    const events = await pullEvents(client);
    return events.length > 0 && events;
  });

  expect({ ...second, EventHandle: "" }).toEqual({ ...first, EventHandle: "" });
});
