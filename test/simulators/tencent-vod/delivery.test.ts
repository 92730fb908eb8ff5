import { expect, test, vi } from "vitest";
import { connect, outcomeOf, pullEvents, pullHandles, setup } from "./setup.ts";

test("the Tencent simulator hides a pulled event for its window, and deletes it once it is confirmed", async () => {
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

test("a pull from the Tencent simulator brings up to 16 events, oldest first", async () => {
  const { simulator, pull } = await setup();
  const ids = simulator.publish("FileDeleted", { count: 20 });

  expect(await pull()).toHaveLength(16);
  expect(ids.map((id) => simulator.find(id)?.state).lastIndexOf("hidden")).toBe(15);
  expect(await pull()).toHaveLength(4);
});

test("with the matching setting the Tencent simulator redelivers under the same handle, valid in its new window", async () => {
  const { simulator, pull, confirm } = await setup({ handles: "same", windowMs: 80 });
  simulator.publish("NewFileUpload");
  const [first = ""] = await pull();
  await vi.waitFor(() => expect(simulator.stats().visible).toBe(1));
  expect(await outcomeOf(confirm(first))).toBe("InvalidParameterValue");

  simulator.set({ windowMs: 30_000 });
  expect(await pull()).toEqual([first]);

  expect(await outcomeOf(confirm(first))).toBe("ok");
});

test("the Tencent simulator accepts only the newest handle", async () => {
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
] as const)(
  "a stale handle among good ones in the Tencent simulator under %s",
  async (staleHandles, outcome, confirmed) => {
    const { simulator, pull, confirm } = await setup({ staleHandles });
    simulator.publish("NewFileUpload", { count: 2 });
    const [one = "", two = ""] = await pull();

    expect(await outcomeOf(confirm(one, "of-no-event", two))).toBe(outcome);

    expect(simulator.stats()).toMatchObject({ confirmed, unconfirmed: 2 - confirmed, staleHandles: 1 });
  },
);

test("the Tencent simulator refuses a needless second confirmation, and records it", async () => {
  const { simulator, pull, confirm } = await setup();
  const [id = ""] = simulator.publish("NewFileUpload");
  const [handle = ""] = await pull();
  await confirm(handle);

  expect(await outcomeOf(confirm(handle))).toBe("InvalidParameterValue");

  expect(simulator.find(id)).toMatchObject({ confirmations: 2 });
  expect(simulator.stats()).toMatchObject({ confirmed: 1 });
});

test("the Tencent simulator deletes an unconfirmed event at the end of its retention", async () => {
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

test(
  "parallel clients pull and confirm 1,000 events of the Tencent simulator, each once",
  { timeout: 60_000 },
  async () => {
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
  },
);

test("the Tencent simulator's history keeps a limited number of finished events, and every unfinished one", async () => {
  const { simulator, client } = await setup({ historyLimit: 10 });
  const ids = simulator.publish("NewFileUpload", { count: 40 });
  for (let batch = 0; batch < 2; batch += 1)
    await client.ConfirmEvents({ EventHandles: [...(await pullHandles(client))] });

  expect(simulator.history().map(({ id }) => id)).toEqual(ids.slice(22));
  expect(simulator.find(ids[0] ?? "")).toBeUndefined();
  expect(simulator.stats()).toMatchObject({ published: 40, confirmed: 32, unconfirmed: 8 });
});

test("the Tencent simulator delivers an unconfirmed event again unchanged", async () => {
  const { simulator, client } = await setup({ windowMs: 20 });
  simulator.publish("SplitMediaComplete");
  const [first] = await pullEvents(client);

  const [second] = await vi.waitUntil(async () => {
    const events = await pullEvents(client);
    return events.length > 0 && events;
  });

  expect({ ...second, EventHandle: "" }).toEqual({ ...first, EventHandle: "" });
});
