import { expect, onTestFinished, test, vi } from "vitest";
import { UNREADABLE } from "../../../src/core/event.ts";
import { NO_TYPE, payloadOf } from "../../../src/vendors/zegocloud/events/events.ts";
import { ENCODINGS, signatureOf, signed } from "../../../src/simulators/zegocloud/calls.ts";
import { EVENT_KINDS } from "../../../src/simulators/zegocloud/samples.ts";
import { startZegoSender, type ZegoSenderOptions } from "../../../src/simulators/zegocloud/sender.ts";
import { SECRET } from "../../vendors/zegocloud/push/calls.ts";
import { ZEGO_CALLBACK } from "../../support/published-signatures.ts";
import { startDeafServer, startTarget } from "./target.ts";

test.each(ENCODINGS)(
  "every kind of ZEGOCLOUD event arrives as %s, is genuine, and is read as its type",
  async (encoding) => {
    const { url, arrivals } = await startTarget();
    const sender = start({ url });

    for (const kind of EVENT_KINDS) await sender.send(kind, { encoding });

    const events = arrivals.flatMap(({ events: read }) => (read === "forged" ? [] : read));
    expect(events.map(({ type }) => type)).toEqual(EVENT_KINDS);
    expect(new Set(events.map(({ fingerprint }) => fingerprint)).size).toBe(EVENT_KINDS.length);
    for (const { type, body } of events) expect(payloadOf(type, body)).toMatchObject({ appid: "3141592653" });
    expect(sender.stats()).toMatchObject({ sent: EVENT_KINDS.length, taken: EVENT_KINDS.length, pending: 0 });
  },
);

test("the ZEGOCLOUD sender signs as the vendor's documents show", () => {
  const { timestamp, nonce, signature } = ZEGO_CALLBACK;

  expect(signatureOf("secret", timestamp, nonce)).toBe(signature);
  expect(signed({ event: "record" }, "secret", 1_470_820_198_000)).toMatchObject({ event: "record", timestamp });
});

test("a 64-bit id of the ZEGOCLOUD sender arrives with all its digits", async () => {
  const { url, arrivals } = await startTarget();

  const { fields } = await start({ url }).send("room_create", { encoding: "json" });

  expect(arrivals[0]?.body).toContain(`"room_session_id":${String(fields["room_session_id"])},`);
  expect(String(fields["room_session_id"])).toMatch(/^8\d{17}$/);
});

test("the ZEGOCLOUD sender repeats a call until it gets a 2xx, and all are the same event", async () => {
  const { url, arrivals } = await startTarget([503, 404, 302, 204]);

  const sent = await start({ url, pace: 0.001 }).send("snapshot");

  expect(sent).toMatchObject({ outcome: "taken" });
  expect(sent.tries.map(({ status }) => status)).toEqual([503, 404, 302, 204]);
  const fingerprints = arrivals.map(({ events }) => events !== "forged" && events[0]?.fingerprint);
  expect(new Set(fingerprints).size).toBe(1);
  expect(new Set(arrivals.map(({ body }) => body)).size).toBe(4);
});

test("the ZEGOCLOUD sender may repeat the identical call", async () => {
  const { url, arrivals } = await startTarget([500]);

  await start({ url, pace: 0.001, signAnew: false }).send("snapshot");

  expect(arrivals[1]?.body).toBe(arrivals[0]?.body);
});

test.each([
  ["snapshot", [20, 40, 80, 160, 320]],
  ["cloud_recording/1", [50, 50]],
  ["cloud_player/1", [0, 0]],
])(
  "a %s that the ZEGOCLOUD sender cannot deliver is lost after its last try, with pauses of at least %j ms here",
  async (kind, pausesMs) => {
    const { url, arrivals } = await startTarget(Array.from({ length: 6 }, () => 500));
    const sender = start({ url, pace: 0.01 });

    const sent = await sender.send(kind);

    expect(sent).toMatchObject({ outcome: "lost", tries: [...pausesMs, 0].map(() => ({ status: 500 })) });
    for (const [index, pauseMs] of pausesMs.entries()) {
      const [before, after] = [arrivals[index]?.at ?? 0, arrivals[index + 1]?.at ?? 0];
      // A timer of Node may fire up to a millisecond early.
      expect(after - before).toBeGreaterThan(pauseMs - 2);
    }
    expect(sender.stats()).toMatchObject({ sent: 1, lost: 1, retries: pausesMs.length, pending: 0 });
  },
);

test("the ZEGOCLOUD sender repeats a call that gets no answer in time", async () => {
  const { url } = await startDeafServer();
  const sender = start({ url, timeoutMs: 50, pace: 0.001 });

  const sent = await sender.send("cloud_player/1");

  expect(sent.outcome).toBe("lost");
  expect(sent.tries.map(({ status }) => String(status))).toEqual(
    Array.from({ length: 3 }, () => expect.stringContaining("timeout")),
  );
});

test("the ZEGOCLOUD sender can send one event twice", async () => {
  const { url, arrivals } = await startTarget();

  await start({ url }).send("record", { copies: 2 });

  expect(arrivals).toHaveLength(2);
  expect(arrivals[1]?.body).toBe(arrivals[0]?.body);
});

test("a forged call of the ZEGOCLOUD sender is refused, not repeated, and counted apart", async () => {
  const { url, arrivals } = await startTarget();
  const sender = start({ url });
  const { fields } = await sender.send("record");

  const forged = await sender.send("record", { forged: true, fields });

  expect(arrivals[1]?.events).toBe("forged");
  expect(forged).toMatchObject({ outcome: "lost", fields, tries: [{ status: 401 }] });
  expect(sender.stats()).toMatchObject({ sent: 1, taken: 1, lost: 0, forged: 1, forgedTaken: 0 });
});

test("a broken event of the ZEGOCLOUD sender is genuine and unreadable", async () => {
  const { url, arrivals } = await startTarget();

  await start({ url }).send("snapshot", { broken: true });

  expect(arrivals[0]?.events).toMatchObject([{ type: UNREADABLE }]);
});

test("the ZEGOCLOUD sender sends an unknown kind by its name, with the given fields", async () => {
  const { url, arrivals } = await startTarget();

  await start({ url, appId: "7" }).send("brand_new", { fields: { note: "x" }, encoding: "json" });

  expect(arrivals[0]?.events).toMatchObject([{ type: "brand_new", body: { appid: "7", note: "x" } }]);
  expect(EVENT_KINDS).not.toContain(NO_TYPE);
});

test("the ZEGOCLOUD sender makes equal events from equal seeds, except for their times", async () => {
  const { url } = await startTarget();
  const [one, same, other] = [start({ url, seed: 1 }), start({ url, seed: 1 }), start({ url, seed: 2 })];

  const [first, again, another] = await Promise.all([
    one.send("snapshot"),
    same.send("snapshot"),
    other.send("snapshot"),
  ]);

  expect(again.fields).toEqual(first.fields);
  expect(another.fields["task_id"]).not.toBe(first.fields["task_id"]);
});

test("closing the ZEGOCLOUD sender ends its pauses, and leaves undelivered events", async () => {
  const { url, arrivals } = await startTarget([500]);
  const sender = start({ url });
  const sending = sender.send("snapshot");
  await vi.waitFor(() => expect(arrivals).toHaveLength(1));

  await sender.close();
  await sender.close();

  expect(await sending).toMatchObject({ outcome: "left", tries: [{}] });
  expect(sender.stats()).toMatchObject({ sent: 1, taken: 0, lost: 0, pending: 0 });
});

test("the ZEGOCLOUD sender remembers only the last events", async () => {
  const { url } = await startTarget();
  const sender = start({ url, remember: 2 });

  for (const kind of ["record", "compose", "snapshot"]) await sender.send(kind);

  expect(sender.history.map(({ kind }) => kind)).toEqual(["compose", "snapshot"]);
});

function start(options: Omit<ZegoSenderOptions, "secret">) {
  const sender = startZegoSender({ secret: SECRET, ...options });
  onTestFinished(() => sender.close());
  return sender;
}
