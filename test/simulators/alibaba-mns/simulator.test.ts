/** The simulated MNS itself; its clients' tests show the rest. */
import { describe, expect, test, vi } from "vitest";
import { KEYS, QUEUE, simulated } from "../../vendors/alibaba-vod/pull/simulated.ts";

const EVENT = { EventType: "FileUploadComplete", VideoId: "v1" };

describe("a message in the simulated MNS queue", () => {
  test("has a history", async () => {
    const { simulator, create } = await simulated({ visibilityMs: 400 });
    const [id = ""] = simulator.publish(EVENT);
    const source = create();
    const [first] = (await source.pull(16)).deliveries;
    simulator.set({ visibilityMs: 30_000 });
    const [second] = (await source.pull(16)).deliveries;
    await source.extend(second?.receipt ?? "", 60_000).then(({ receipt }) => source.confirm([receipt]));

    expect(simulator.find(id)).toEqual({
      id,
      queue: QUEUE,
      type: "FileUploadComplete",
      state: "confirmed",
      publishedAt: expect.any(Number),
      deliveries: [first, second].map((delivery) => ({
        at: expect.any(Number),
        until: expect.any(Number),
        handle: delivery?.receipt,
      })),
      timesDelivered: 2,
      confirmations: 1,
      confirmedAt: expect.any(Number),
    });
    expect(first?.receipt).not.toBe(second?.receipt);
  });

  test("counts every repeated deletion", async () => {
    const { simulator, create } = await simulated();
    const [id = ""] = simulator.publish(EVENT);
    const source = create();
    const receipts = (await source.pull(16)).deliveries.map(({ receipt }) => receipt);
    await source.confirm(receipts);
    await source.confirm(receipts);

    expect(simulator.find(id)?.confirmations).toBe(2);
    expect(simulator.stats()).toMatchObject({ confirmed: 1, staleHandles: 1 });
  });

  test("cannot be deleted or hidden after its window closed, even if nobody received it again", async () => {
    const { simulator, create } = await simulated({ visibilityMs: 50 });
    simulator.publish(EVENT);
    const source = create();
    const receipts = (await source.pull(16)).deliveries.map(({ receipt }) => receipt);
    const receivedBy = Date.now();
    await vi.waitUntil(() => Date.now() > receivedBy + 50);

    expect(await source.confirm(receipts)).toEqual({ refused: receipts });
    await expect(source.extend(receipts[0] ?? "", 60_000)).rejects.toMatchObject({ kind: "refused" });
    expect(simulator.stats()).toMatchObject({ confirmed: 0, visible: 1 });
  });

  test("is removed at the end of its retention, visible or hidden", async () => {
    const { simulator, create } = await simulated();
    simulator.publish(EVENT, { count: 17 });
    await create().pull(16);

    simulator.set({ retentionMs: 0 });

    expect(simulator.stats()).toMatchObject({ purged: 17, unconfirmed: 0, visible: 0 });
    expect(simulator.history().every(({ state }) => state === "purged")).toBe(true);
  });

  test("goes to one of many waiting receivers", async () => {
    const { simulator, create } = await simulated();
    const source = create();
    const pulls = Promise.all([source.pull(16), source.pull(16), source.pull(16)]);
    await vi.waitFor(() => expect(simulator.stats().calls["BatchReceiveMessage"]).toBe(3));

    simulator.publish(EVENT);
    await vi.waitFor(() => expect(simulator.stats().delivered).toBe(1));
    for (const VideoId of ["v2", "v3"]) {
      const before = simulator.stats().delivered;
      simulator.publish({ ...EVENT, VideoId });
      await vi.waitFor(() => expect(simulator.stats().delivered).toBe(before + 1));
    }

    const deliveries = (await pulls).flatMap((pulled) => pulled.deliveries);
    expect(new Set(deliveries.map(({ fingerprint }) => fingerprint)).size).toBe(3);
  });

  test("is not lost to a client that hung up", async () => {
    const { simulator, create } = await simulated();
    const stop = new AbortController();
    const source = create();
    const gone = source.pull(16, stop.signal).catch(() => "gone");
    await vi.waitFor(() => expect(simulator.stats().calls["BatchReceiveMessage"]).toBe(1));
    stop.abort();
    expect(await gone).toBe("gone");
    await vi.waitFor(() => expect(simulator.stats().outcomes["client-gone"]).toBe(1));

    simulator.publish(EVENT);

    expect(simulator.stats()).toMatchObject({ delivered: 0, visible: 1 });
  });
});

describe("the MNS simulator refuses", () => {
  const good = { "x-mns-version": "2015-06-06", date: new Date().toUTCString(), authorization: "MNS a:b" };
  test.each([
    ["a call without a version", { "x-mns-version": undefined }, "MissingVersionHeader"],
    ["a call without a signature", { authorization: undefined }, "MissingAuthorizationHeader"],
    ["a call without a date", { date: undefined }, "MissingDateHeader"],
    ["a date that is none", { date: "today" }, "InvalidDateHeader"],
    ["an old call", { date: "Thu, 09 Jul 2015 03:01:34 GMT" }, "TimeExpired"],
    ["another scheme", { authorization: "Bearer x" }, "InvalidAuthorizationHeader"],
    ["a strange key", {}, "InvalidAccessKeyId"],
    ["a key without its token", { authorization: `MNS ${KEYS.accessKeyId}:b` }, "InvalidSecurityToken"],
    [
      "a forged signature",
      { authorization: `MNS ${KEYS.accessKeyId}:b`, "security-token": KEYS.securityToken },
      "SignatureDoesNotMatch",
    ],
  ])("%s", async (_, changes, code) => {
    const { simulator } = await simulated();
    const headers = new Headers();
    for (const [name, value] of Object.entries({ ...good, ...changes })) if (value) headers.set(name, value);

    const answer = await fetch(`${simulator.url}/queues/${QUEUE}/messages`, { headers });

    expect(await answer.text()).toContain(`<Code>${code}</Code>`);
    expect(answer.ok).toBe(false);
  });

  test("calls beyond its quota", async () => {
    const { simulator, create } = await simulated({ callsPerSecond: 1 });
    const source = create();

    await vi.waitFor(async () => {
      await Promise.allSettled([source.backlog(), source.backlog(), source.backlog()]);
      expect(simulator.stats().outcomes["QpsLimitExceeded"]).toBeGreaterThan(0);
    });
  });

  test("unknown settings and faults, by name", async () => {
    const { simulator } = await simulated();

    expect(() => simulator.set({ visibilityMs: -1 })).toThrow("visibilityMs");
    expect(() => simulator.faults.inject({ kind: "latency", times: 0 })).toThrow("times");
    expect(() => simulator.publish(EVENT, { queue: "nowhere" })).toThrow("no queue nowhere; there is vod-events");
  });
});

test("one slow call of the MNS simulator does not delay others", async () => {
  const { simulator, create } = await simulated();
  simulator.publish(EVENT);
  simulator.faults.inject({ kind: "latency", ms: 60_000, action: "GetQueueAttributes" });
  const source = create();
  const answered = vi.fn();
  const slow = source.backlog().finally(answered);

  expect((await source.pull(16)).deliveries).toHaveLength(1);
  expect(answered).not.toHaveBeenCalled();
  await simulator.close();
  await expect(slow).rejects.toMatchObject({ kind: "outage" });
});

test("if the answer of a delivery is lost, the MNS simulator delivers the messages again", async () => {
  const { simulator, create } = await simulated({ visibilityMs: 50 });
  simulator.publish(EVENT);
  simulator.faults.inject({ kind: "cut-off" });
  const source = create();

  await expect(source.pull(16)).rejects.toMatchObject({ kind: "outage" });

  expect((await source.pull(16)).deliveries).toHaveLength(1);
  expect(simulator.stats()).toMatchObject({ delivered: 2, published: 1 });
});

test("the MNS simulator shows a single message over HTTP", async () => {
  const { simulator } = await simulated();
  const [id = ""] = simulator.publish(EVENT);

  const found = await fetch(`${simulator.url}/control/events/${id}`);

  expect(await found.json()).toEqual(simulator.find(id));
  expect((await fetch(`${simulator.url}/control/events/event-1`)).status).toBe(404);
});
