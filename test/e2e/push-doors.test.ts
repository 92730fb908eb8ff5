import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { callbackUrl, PUSH_DOORS, PUSH_ENV, SUFFIX, TENCENT_PUSH, uploadOf } from "../support/doors.ts";
import { metric, openEvents, press } from "../support/probes.ts";
import { setupRedis, startOwnRedis } from "../support/redis.ts";
import { setupWorld } from "../support/worker-process.ts";

const MIB = 1024 * 1024;

async function setup(extra: Readonly<Record<string, string>> = {}) {
  const { url, prefix } = setupRedis();
  const world = await setupWorld({ redisUrl: url, prefix });
  const worker = await world.start({ ...PUSH_ENV, ...extra });
  return { ...world, worker, phasesOf: phasesIn(world) };
}

/** As while an application moves from one to the other. */
async function setupBothDoors() {
  const { url, prefix } = setupRedis();
  const world = await setupWorld({ redisUrl: url, prefix });
  const worker = await world.start({ ...PUSH_ENV, ...world.env });
  return { ...world, worker, phasesOf: phasesIn(world) };
}

/** Of one event: each phase in its order. */
function phasesIn({ runsOf }: Pick<Awaited<ReturnType<typeof setupWorld>>, "runsOf">) {
  return (key: string) => runsOf(key).map(({ phase }) => phase);
}

describe("promise 6: a pushed callback gets its 200 only once the event is durable", () => {
  test.for(PUSH_DOORS)("$vendor: a call is taken and handled once, however often it comes", async (door) => {
    const { worker, phasesOf } = await setup();

    expect(await door.send(worker, { key: "one" })).toEqual([200]);
    expect(await door.send(worker, { key: "one" })).toEqual([200]);
    await vi.waitFor(() => expect(phasesOf("one")).toEqual(["start", "success"]));
    expect(await door.send(worker, { key: "one" })).toEqual([200]);
    expect(await door.send(worker, { key: "two" })).toEqual([200]);

    await vi.waitFor(() => expect(phasesOf("two")).toEqual(["start", "success"]));
    expect(phasesOf("one")).toEqual(["start", "success"]);
    const count = (sample: string) => metric(worker, sample.replaceAll("VENDOR", door.vendor));
    expect(await count('callbacks_total{vendor="VENDOR",outcome="taken"}')).toBe(4);
    expect(await count('deliveries_total{source="VENDOR",verdict="add"}')).toBe(2);
    expect(await count('deliveries_total{source="VENDOR",verdict="acknowledge"}')).toBe(2);
  });

  test.for(PUSH_DOORS)("$vendor: a forged call gets 401 and never reaches a handler", async (door) => {
    const { worker, runs } = await setup();

    const answers = await door.forge(worker, { key: "forged" });

    expect(new Set(answers)).toEqual(new Set([401]));
    expect(await worker.line("a callback is not genuine")).toMatchObject({ level: 40, vendor: door.vendor });
    expect(await door.send(worker, { key: "genuine" })).toEqual([200]);
    await vi.waitFor(() => expect(runs().map(({ key }) => key)).toEqual(["genuine", "genuine"]));
    expect(await metric(worker, `callbacks_total{vendor="${door.vendor}",outcome="forged"}`)).toBe(answers.length);
  });

  test.for(PUSH_DOORS)("$vendor: a genuine call that cannot be read is kept for a person", async (door) => {
    const { worker, runs } = await setup();

    expect(await door.sendUnreadable(worker)).toEqual([200]);

    await worker.line("parked: it stays");
    const [open] = await openEvents(worker);
    expect(open).toMatchObject({
      source: door.vendor,
      type: "(unreadable)",
      state: "parked",
      reason: expect.stringContaining("cannot be read"),
    });
    expect(await press(worker, "discard", { id: open?.id ?? "", reason: "seen" })).toBe("discarded");
    expect(await openEvents(worker)).toEqual([]);
    expect(await door.sendUnreadable(worker)).toEqual([200]);
    expect(await openEvents(worker)).toEqual([]);
    expect(runs()).toEqual([]);
  });

  test.for(PUSH_DOORS)("$vendor: what failed for good stands there until a retry handles it", async (door) => {
    const { worker, phasesOf, folder } = await setup({ ATTEMPTS: "1" });
    const mended = join(folder, "mended");

    expect(await door.send(worker, { key: "bad", script: { failsWithout: mended } })).toEqual([200]);

    await worker.line("parked: it stays");
    const [open] = await openEvents(worker);
    expect(open).toMatchObject({ source: door.vendor, state: "parked", reason: "not yet, says the test" });
    writeFileSync(mended, "");
    expect(await press(worker, "retry", { id: open?.id ?? "" })).toBe("retried");
    await vi.waitFor(() => expect(phasesOf("bad")).toEqual(["start", "failure", "start", "success"]));
    await vi.waitFor(async () => expect(await openEvents(worker)).toEqual([]));
  });

  test("a path without its suffix or with another one finds nothing, and a body beyond 1 MiB is too large", async () => {
    const { worker, runs } = await setup();

    for (const { vendor } of PUSH_DOORS) {
      for (const suffix of ["", "/", `/${SUFFIX}x`, `/${SUFFIX.toUpperCase()}`, `/1500000001/${SUFFIX}`])
        expect(await statusOf(callbackUrl(worker, vendor, suffix), "{}")).toBe(404);
      expect(await statusOf(callbackUrl(worker, vendor), "x".repeat(MIB + 1))).toBe(413);
      expect(await statusOf(callbackUrl(worker, vendor), "x".repeat(MIB))).toBe(401);
    }
    expect(runs()).toEqual([]);
  });

  test("while Redis is away they get 503 in time, and are taken at the vendors' own next tries", async () => {
    const redis = await startOwnRedis();
    const world = await setupWorld({ redisUrl: redis.url, prefix: redis.prefix });
    const worker = await world.start(PUSH_ENV);
    await redis.stop();
    await worker.line("redis is away");

    const sending = PUSH_DOORS.map(async (door) => ({ door, answers: await door.send(worker, { key: door.vendor }) }));
    for (const { vendor } of PUSH_DOORS)
      await expect
        .poll(() => metric(worker, `callbacks_total{vendor="${vendor}",outcome="failed"}`), { timeout: 10_000 })
        .toBeGreaterThan(0);
    await redis.start();

    for (const { door, answers } of await Promise.all(sending)) {
      expect({ [door.vendor]: answers }).toEqual({ [door.vendor]: expect.toSatisfy(isRefusedThenTaken) });
      await vi.waitFor(() => expect(phasesIn(world)(door.vendor)).toEqual(["start", "success"]), { timeout: 10_000 });
    }
  });

  test("a worker killed right after its 200 leaves the event to the next one", async () => {
    const { worker, start, runsOf } = await setup({ CONCURRENCY: "1" });
    const keys = PUSH_DOORS.map(({ vendor }) => vendor);
    await Promise.all(PUSH_DOORS.map((door) => door.send(worker, { key: door.vendor, script: { ms: 500 } })));
    worker.send("SIGKILL");

    const next = await start(PUSH_ENV);

    await vi.waitFor(
      () => {
        for (const key of keys) expect(runsOf(key).filter(({ phase }) => phase === "success")).toHaveLength(1);
      },
      { timeout: 25_000 },
    );
    const doneBy = keys.flatMap((key) => runsOf(key).filter(({ phase }) => phase === "success"));
    expect(doneBy.map(({ pid }) => pid)).toEqual(keys.map(() => next.pid));
  }, 45_000);

  test("an event that is pushed and pulled is one, whichever comes first", async () => {
    const { simulator, worker, phasesOf, allConfirmed, runs } = await setupBothDoors();

    expect(await TENCENT_PUSH.send(worker, { key: "pushed first" })).toEqual([200]);
    simulator.publishBody(uploadOf({ key: "pushed first" }));
    simulator.publishBody(uploadOf({ key: "pulled first" }));
    await vi.waitFor(() => expect(phasesOf("pulled first")).toEqual(["start", "success"]));
    expect(await TENCENT_PUSH.send(worker, { key: "pulled first" })).toEqual([200]);
    const together = Array.from({ length: 60 }, (_, n) => `together ${n}`);
    await Promise.all(
      together.map(async (key) => {
        simulator.publishBody(uploadOf({ key }));
        expect(await TENCENT_PUSH.send(worker, { key })).toEqual([200]);
      }),
    );

    await allConfirmed();
    await vi.waitFor(() => expect(runs().filter(({ phase }) => phase === "success")).toHaveLength(62));
    expect(await metric(worker, 'queue_events{state="running"}')).toBe(0);
    expect(await metric(worker, 'queue_events{state="waiting"}')).toBe(0);
    expect(runs().filter(({ phase }) => phase === "start")).toHaveLength(62);
    expect(new Set(runs().map(({ key }) => key))).toEqual(new Set(["pushed first", "pulled first", ...together]));
  });

  test("an event that both doors brought is parked once, and a discard confirms it", async () => {
    const { simulator, worker, allConfirmed } = await setupBothDoors();
    const event = { key: "bad", script: { permanent: true } };

    expect(await TENCENT_PUSH.send(worker, event)).toEqual([200]);
    const [id = ""] = simulator.publishBody(uploadOf(event));

    await worker.line("parked: it stays");
    await vi.waitFor(() => expect(simulator.find(id)?.timesDelivered).toBeGreaterThan(0));
    const open = await openEvents(worker);
    expect(open).toEqual([expect.objectContaining({ state: "parked", reason: "hopeless, says the test" })]);
    expect(await press(worker, "discard", { id: open[0]?.id ?? "", reason: "seen" })).toBe("discarded");
    await allConfirmed();
    expect(simulator.find(id)?.confirmations).toBe(1);
  });
});

async function statusOf(url: string, body: string): Promise<number> {
  return (await fetch(url, { method: "POST", body })).status;
}

/** A vendor that waited in vain says why instead of a status. */
function isRefusedThenTaken(answers: readonly (number | string)[]): boolean {
  return answers.length > 1 && answers.at(-1) === 200 && answers.slice(0, -1).every((answer) => answer === 503);
}
