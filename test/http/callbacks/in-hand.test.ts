import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { pino } from "pino";
import { expect, test, vi } from "vitest";
import { groupedLog } from "../../support/grouped-log.ts";
import { ForgedError } from "../../../src/core/errors.ts";
import type { PushInbox } from "../../../src/core/inbox.ts";
import type { Receiver } from "../../../src/core/receiver.ts";
import { callbacks } from "../../../src/http/callbacks/endpoints.ts";

const KIB = 1024;
const ROOM = 100 * KIB;

/** Reads any body as text. A body that begins with `forged` is forged. */
const receiver: Receiver = {
  vendor: "loud",
  source: "loud",
  path: "/callbacks/loud",
  memoryMs: 60_000,
  patienceMs: 60_000,
  receive({ body }) {
    const text = new TextDecoder().decode(body);
    if (text.startsWith("forged")) throw new ForgedError("the signature does not fit");
    return [{ source: "loud", type: "Told", fingerprint: text.slice(0, 20), body: { text } }];
  },
};

function setup(receive = receiver.receive) {
  const lines: string[] = [];
  const log = groupedLog(pino({ level: "warn" }, { write: (line: string) => void lines.push(line) }));
  const meter = { count: vi.fn(), observe: vi.fn() };
  const waiting: PromiseWithResolvers<"add">[] = [];
  const push: PushInbox["push"] = async () => {
    const stored = Promise.withResolvers<"add">();
    waiting.push(stored);
    return await stored.promise;
  };
  const receivers = [{ ...receiver, receive }];
  const app = callbacks({ receivers, settings: { maxBytesInHand: ROOM }, inbox: { push }, log, meter });
  const post = async (body: string | ReadableStream<Uint8Array>) =>
    await app.request("/callbacks/loud", { method: "POST", body, duplex: "half" });
  return {
    post,
    lines,
    meter,
    waits: async (count: number) => await vi.waitFor(() => expect(waiting).toHaveLength(count)),
    store: () => waiting.splice(0).forEach(({ resolve }) => resolve("add")),
    fail: () => waiting.splice(0).forEach(({ reject }) => reject(new Error("Redis did not answer in time"))),
  };
}

const bodyOf = (kibibytes: number, start = "body") => start.padEnd(kibibytes * KIB, ".");

test("callbacks get 503 and `busy` while the bodies in memory use all the room for them", async () => {
  const { post, waits, store, meter, lines } = setup();
  const first = [post(bodyOf(40, "a")), post(bodyOf(40, "b"))];
  await waits(2);

  const refused = await post(bodyOf(40, "c"));
  const small = post(bodyOf(1, "d"));
  await waits(3);

  expect(refused.status).toBe(503);
  expect(await refused.text()).toBe("busy\n");
  expect(meter.count).toHaveBeenCalledWith("callbacks", { vendor: "loud", outcome: "busy" });
  expect(lines.filter((line) => line.includes("CALLBACK_MAX_BYTES_IN_HAND"))).toHaveLength(1);
  store();
  for (const answer of [...first, small]) expect((await answer).status).toBe(200);
});

test("a body that grows when it is decoded counts with its decoded size", async () => {
  const { post } = setup();

  expect((await post("\u0001".repeat(20 * KIB))).status).toBe(503);
});

test("a body's room is free again after any answer", async () => {
  const { post, waits, store, fail } = setup();
  const stored = async () => {
    const answer = post(bodyOf(90));
    await waits(1);
    store();
    return (await answer).status;
  };
  const failed = async () => {
    const answer = post(bodyOf(90));
    await waits(1);
    fail();
    return (await answer).status;
  };

  for (const [outcome, status] of [
    [async () => (await post(bodyOf(90, "forged"))).status, 401],
    [async () => (await post(broken())).status, 400],
    [async () => (await post(bodyOf(2 * KIB))).status, 413],
    [async () => (await post(bodyOf(110))).status, 503],
    [failed, 503],
    [stored, 200],
  ] as const) {
    expect(await outcome()).toBe(status);
    expect(await stored()).toBe(200);
  }
});

test("a body in too many small pieces is refused before its end", async () => {
  const { post } = setup();
  let pieces = 0;
  const cancelled = Promise.withResolvers<true>();
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(Uint8Array.of(pieces++ % 128)),
    cancel: () => cancelled.resolve(true),
  });

  expect((await post(endless)).status).toBe(413);

  expect(await cancelled.promise).toBe(true);
  expect(pieces).toBeLessThan(5_000);
});

test("neither the bytes nor the parsed body of a callback are kept in memory while its event waits to be stored", async () => {
  const refs: WeakRef<object>[] = [];
  const { post, waits, store } = setup((call) => {
    const events = receiver.receive(call);
    refs.push(new WeakRef(call.body), ...events.map(({ body }) => new WeakRef(body)));
    return events;
  });
  const answer = post(bodyOf(50));
  await waits(1);

  await expect
    .poll(() => {
      collectGarbage();
      return refs.map((ref) => ref.deref() === undefined);
    })
    .toEqual([true, true]);
  store();
  expect((await answer).status).toBe(200);
});

function broken(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(60 * KIB));
      controller.error(new Error("the caller is gone"));
    },
  });
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
}
