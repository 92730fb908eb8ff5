import { expect, test } from "vitest";
import { EVENT_TYPES } from "../../../src/simulators/tencent-vod/samples.ts";
import { pullEvents, setup } from "./setup.ts";

test("the Tencent simulator can publish every event type, in its own field beside nulls", async () => {
  const { simulator, client } = await setup();
  for (const type of EVENT_TYPES) simulator.publish(type);

  const events = [...(await pullEvents(client)), ...(await pullEvents(client)), ...(await pullEvents(client))];

  expect(EVENT_TYPES).toHaveLength(36);
  expect(events.map(({ EventType }) => EventType)).toEqual(EVENT_TYPES);
  const filled = events.map((event) => Object.entries(event).filter(([, value]) => value !== null));
  expect(filled.every((members) => members.length === 3)).toBe(true);
  expect(new Set(filled.map((members) => members.at(-1)?.[0])).size).toBe(36);
  expect(events.every((event) => Object.keys(event).length === 38)).toBe(true);
});

test("with the matching setting the Tencent simulator leaves the other fields out", async () => {
  const { simulator, client } = await setup({ nullFields: false });
  simulator.publish("NewFileUpload");

  const [event = {}] = await pullEvents(client);

  expect(Object.keys(event)).toEqual(["EventHandle", "EventType", "FileUploadEvent"]);
});

test("the Tencent simulator's ids never repeat, and are larger than a JavaScript number holds", async () => {
  const { simulator, client } = await setup();
  simulator.publish("NewFileUpload", { count: 16 });

  const ids = (await pullEvents(client)).map(({ FileUploadEvent }) => FileUploadEvent?.FileId ?? "");

  expect(new Set(ids).size).toBe(16);
  expect(ids.every((id) => String(Number(id)) !== id || !Number.isSafeInteger(Number(id)))).toBe(true);
});

test("the Tencent simulator makes equal events from equal seeds", async () => {
  const [one, two] = [await setup({ seed: 7 }), await setup({ seed: 7 })];
  for (const { simulator } of [one, two]) simulator.publish("ClipComplete", { count: 3 });

  const contents = await Promise.all(
    [one, two].map(async ({ client }) => (await pullEvents(client)).map((event) => event.ClipCompleteEvent)),
  );

  expect(contents[0]).toEqual(contents[1]);
});

test("the Tencent simulator puts given content in place of the sample, also for an unknown type", async () => {
  const { simulator, client } = await setup({ nullFields: false });
  simulator.publish("NewFileUpload", { body: { FileId: "1" } });
  simulator.publish("HologramComplete", { body: { TaskId: "2" } });

  expect(await pullEvents(client)).toMatchObject([
    { EventType: "NewFileUpload", FileUploadEvent: { FileId: "1" } },
    { EventType: "HologramComplete", HologramCompleteEvent: { TaskId: "2" } },
  ]);
});

test("the Tencent simulator delivers a given body unchanged: without type, with nulls, empty, a megabyte", async () => {
  const { simulator, client } = await setup();
  const bodies = [
    { FileDeleteEvent: { FileIdSet: ["1"] } },
    { EventType: null, X: null },
    {},
    { Y: "x".repeat(2 ** 20) },
  ];
  for (const body of bodies) simulator.publishBody(body);

  const events = await pullEvents(client);

  expect(events.map(({ EventHandle: _handle, ...event }) => event)).toEqual(bodies);
  expect(events.every(({ EventHandle }) => typeof EventHandle === "string")).toBe(true);
});

test.each(["1234567890123456789", "wait", "events", "a:b::c", `quote"d`, "h".repeat(4000)])(
  "the Tencent simulator delivers and confirms the handle %j as given",
  async (handle) => {
    const { simulator, client, confirm } = await setup();
    const [id = ""] = simulator.publishBody({ EventType: "NewFileUpload" }, { handle });

    const [event] = await pullEvents(client);
    await confirm(handle);

    expect(event?.EventHandle).toBe(handle);
    expect(simulator.find(id)).toMatchObject({ confirmations: 1 });
  },
);

test("the Tencent simulator confirms both of two events under one handle", async () => {
  const { simulator, client, confirm } = await setup();
  const ids = ["1", "2"].flatMap((FileId) => simulator.publishBody({ FileId }, { handle: "shared" }));
  await pullEvents(client);

  await confirm("shared");

  expect(ids.map((id) => simulator.find(id)?.confirmations)).toEqual([1, 1]);
});
