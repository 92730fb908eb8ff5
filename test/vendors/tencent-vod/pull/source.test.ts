import { pino } from "pino";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { VendorError } from "../../../../src/core/errors.ts";
import { createTencentVodSource } from "../../../../src/vendors/tencent-vod/pull/source.ts";
import { refusal, response, scriptedApi } from "./scripted-api.ts";
import { KEYS, simulated } from "./simulated.ts";

describe("an event of Tencent VOD", () => {
  test("is delivered as it was sent, without its handle and the fields that are null", async () => {
    const { simulator, create } = await simulated();
    const body = { EventType: "SomethingNew", SomethingNewEvent: { FileId: "5285890784246869930" }, Extra: [null] };
    const nulls = { FileUploadEvent: null, SomethingNewEvent: { ...body.SomethingNewEvent, Vid: null } };
    simulator.publishBody({ ...body, ...nulls }, { handle: "handle-1" });

    const { deliveries } = await create().pull(16);

    expect(deliveries).toStrictEqual([
      { receipt: "handle-1", type: "SomethingNew", body, fingerprint: expect.any(String) },
    ]);
  });

  test("of every documented type is recognised by its type", async () => {
    const { simulator, create } = await simulated();
    for (const type of ["ProcedureStateChanged", "FileDeleted"]) simulator.publish(type);

    const { deliveries } = await create().pull(16);

    expect(deliveries.map(({ type }) => type)).toEqual(["ProcedureStateChanged", "FileDeleted"]);
  });

  test.each([
    ["without a type is told by its content", { ComposeMediaCompleteEvent: { TaskId: "t" } }, "ComposeMediaComplete"],
    ["without a type or a known content waits for a person", { Something: 1 }, "(none)"],
    ["with nothing in it waits for a person", {}, "(none)"],
    ["whose type is no text waits for a person", { EventType: 7 }, "(none)"],
    ["of 1 MB is an event like any other", { EventType: "Big", Text: "x".repeat(1024 ** 2) }, "Big"],
    [
      "with keys of every object in it is an event like any other",
      JSON.parse('{"EventType":"A","constructor":{"b":1}}'),
      "A",
    ],
  ])("%s", async (_, body, type) => {
    const { simulator, create } = await simulated();
    simulator.publishBody(body);

    expect((await create().pull(16)).deliveries).toMatchObject([{ type, body }]);
  });

  test.each(["1234567890123456789", "a:b:c", "wait", "events", "h".repeat(4000)])(
    "with the handle %.20s is confirmed with exactly that",
    async (handle) => {
      const { simulator, create } = await simulated();
      const [id = ""] = simulator.publishBody({ EventType: "A" }, { handle });
      const source = create();

      const { deliveries } = await source.pull(16);
      await source.confirm(deliveries.map(({ receipt }) => receipt));

      expect(deliveries).toMatchObject([{ receipt: handle }]);
      expect(simulator.find(id)).toMatchObject({ state: "confirmed", confirmations: 1 });
    },
  );

  test.each([
    ["no handle", {}],
    ["an empty handle", { EventHandle: "" }],
    ["a handle that is a number", { EventHandle: 1234567 }],
    ["no object to it", "EventHandle"],
    ["null to it", null],
  ])("with %s is logged as an error, and the others are delivered", async (_, item) => {
    const { source, logs } = await scripted(response({ EventSet: [item, { EventHandle: "good-1", EventType: "A" }] }));

    expect((await source.pull(16)).deliveries).toMatchObject([{ receipt: "good-1" }]);
    expect(logs).toEqual([expect.objectContaining({ level: 50, source: "tencent-vod" })]);
  });

  test("has the form that storage gives it, as when it is pushed", async () => {
    const item = '{"EventHandle":"h","EventType":"A","__proto__":{"b":1},"B":[1e400,-0]}';
    const { source } = await scripted(`{"Response":{"EventSet":[${item}]}}`);

    const [delivery] = (await source.pull(16)).deliveries;

    expect(JSON.stringify(delivery?.body)).toBe('{"EventType":"A","__proto__":{"b":1},"B":[null,0]}');
    expect(delivery?.body["B"]).toStrictEqual([null, 0]);
  });

  test("nested too deep to be stored stays at the vendor and is logged, and the others are delivered", async () => {
    const deep = `${"[".repeat(100)}${"]".repeat(100)}`;
    const { source, logs } = await scripted(
      `{"Response":{"EventSet":[{"EventHandle":"deep","EventType":"A","B":${deep}},{"EventHandle":"good-1","EventType":"A"}]}}`,
    );

    expect((await source.pull(16)).deliveries).toMatchObject([{ receipt: "good-1" }]);
    expect(logs).toEqual([expect.objectContaining({ level: 50, type: "A" })]);
  });
});

describe("an empty Tencent queue", () => {
  test.each([
    ["ResourceNotFound", refusal("ResourceNotFound", "no event")],
    ["ResourceNotFound, in other words", refusal("ResourceNotFound", "nothing")],
    ["an EventSet of null", response({ EventSet: null })],
    ["an empty EventSet", response({ EventSet: [] })],
    ["no EventSet", response({})],
  ])("is recognised by %s, and is no error", async (_, answer) => {
    const { source, logs } = await scripted(answer);

    expect(await source.pull(16)).toEqual({ deliveries: [], waited: false });
    expect(logs).toEqual([]);
  });

  test("is not recognised by a sub-code of ResourceNotFound", async () => {
    const { source } = await scripted(refusal("ResourceNotFound.Queue", "no event"));

    await expect(source.pull(16)).rejects.toThrow(VendorError);
  });
});

describe("the window and limits of a Tencent source", () => {
  test("are the documented ones, unless set otherwise", async () => {
    const { create } = await simulated();

    expect(create()).toMatchObject({
      name: "tencent-vod",
      vendor: "tencent-vod",
      windowMs: 30_000,
      retentionMs: 345_600_000,
      batchSize: 16,
      ignoresMax: true,
      maxCallsPerSecond: 100,
    });
    expect(create({ subAppId: 1500000001, windowMs: 200, maxCallsPerSecond: 5 })).toMatchObject({
      name: "tencent-vod/1500000001",
      windowMs: 200,
      maxCallsPerSecond: 5,
    });
  });

  test("let no confirmation take longer than 5 s", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const received = Promise.withResolvers<void>();
    const { url } = await scriptedApi(() => received.resolve());
    const source = createTencentVodSource({ ...KEYS, endpoint: url, log: pino({ level: "silent" }) });
    onTestFinished(source.close);
    const confirmation = source.confirm(["handle-1"]).catch((err: unknown) => err);
    await received.promise;

    vi.advanceTimersByTime(5_000);

    expect(await confirmation).toMatchObject({ kind: "outage", message: expect.stringContaining("within 5000 ms") });
  });
});

/** A source whose vendor always gives this answer, and at once: no answer is late enough to have been held back. */
async function scripted(answer: string) {
  const { url } = await scriptedApi((_, reply) => reply.end(answer));
  const logs: unknown[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void logs.push(JSON.parse(line)) });
  const source = createTencentVodSource({ ...KEYS, endpoint: url, log, waitedAfterMs: 60_000 });
  onTestFinished(source.close);
  return { source, logs };
}
