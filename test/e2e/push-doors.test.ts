import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { startFleet } from "../../src/simulators/fleet.ts";
import type { PushedDoor } from "../../src/simulators/kit/pushed.ts";
import { atEnd } from "../support/at-end.ts";
import { metric, openEvents, press } from "../support/probes.ts";
import { startOwnRedis } from "../support/redis.ts";
import { type Scripted, scripted } from "../support/scripted-events.ts";
import { setupDoors } from "../support/worker-process.ts";
import { TENCENT } from "../support/world.ts";

const MIB = 1024 * 1024;

const CALLING = ["tencent-vod-push", "alibaba-vod", "zegocloud"] as const;
type Calling = (typeof CALLING)[number];
const SUFFIX = "a-suffix-nobody-guesses";
const DOORS = { "tencent-vod-push": {}, "alibaba-vod": {}, zegocloud: { encoding: "percent" } } as const;
const FORGERS = {
  "tencent-vod-push": { signKey: "another", pauseMs: 10 },
  "alibaba-vod": { authKey: "another", pauseMs: 10 },
  zegocloud: { secret: "another", pace: 0 },
};

async function setup(extra: Readonly<Record<string, string>> = {}) {
  const world = await setupDoors(DOORS, { suffix: SUFFIX });
  const worker = await world.embed(extra);
  return { ...world, worker, send: sendTo(world.doors) };
}

/** Both doors are open, as while an application moves from one to the other. */
async function setupBothDoors() {
  const { doors, ...world } = await setupDoors({ "tencent-vod": TENCENT, "tencent-vod-push": {} });
  const worker = await world.embed();
  const { simulator } = doors["tencent-vod"];
  return {
    ...world,
    worker,
    simulator,
    push: async (event: Scripted) => (await doors["tencent-vod-push"].send(scripted("tencent-vod", event))).answers,
    offer: (event: Scripted) => simulator.publishBody(scripted("tencent-vod", event)),
  };
}

/** Sends an event. Returns the status of each try, or why there was none. */
function sendTo(doors: Readonly<Record<Calling, PushedDoor>>) {
  return async (name: Calling, event: Scripted) => (await doors[name].send(scripted(name, event))).answers;
}

/** The vendor's name in the worker. */
function vendorOf(name: Calling): string {
  return name.replace("-push", "");
}

describe.concurrent("promise 6: a pushed callback gets its 200 only once the event is durable", () => {
  test.for(CALLING)("%s: a call is accepted and handled once, however often it comes", async (name) => {
    const { worker, send, phasesOf } = await setup();

    expect(await send(name, { key: "one" })).toEqual([200]);
    expect(await send(name, { key: "one" })).toEqual([200]);
    await vi.waitFor(() => expect(phasesOf("one")).toEqual(["start", "success"]));
    expect(await send(name, { key: "one" })).toEqual([200]);
    expect(await send(name, { key: "two" })).toEqual([200]);

    await vi.waitFor(() => expect(phasesOf("two")).toEqual(["start", "success"]));
    expect(phasesOf("one")).toEqual(["start", "success"]);
    const count = (sample: string) => metric(worker, sample.replaceAll("VENDOR", vendorOf(name)));
    expect(await count('callbacks_total{vendor="VENDOR",outcome="taken"}')).toBe(4);
    expect(await count('deliveries_total{source="VENDOR",verdict="add"}')).toBe(2);
    expect(await count('deliveries_total{source="VENDOR",verdict="acknowledge"}')).toBe(2);
  });

  test.for(CALLING)("%s: a forged call gets 401 and never reaches a handler", async (name) => {
    const { worker, send, runs } = await setup();
    const forgers = await startFleet(FORGERS, { suffix: SUFFIX });
    atEnd(() => forgers.close());
    forgers.callWorkerAt(worker.url);

    const answers = await sendTo(forgers.doors)(name, { key: "forged" });

    expect(new Set(answers)).toEqual(new Set([401]));
    expect(await worker.line("refused a callback that is not genuine")).toMatchObject({
      level: 40,
      vendor: vendorOf(name),
    });
    expect(await send(name, { key: "genuine" })).toEqual([200]);
    await vi.waitFor(() => expect(runs().map(({ key }) => key)).toEqual(["genuine", "genuine"]));
    expect(await metric(worker, `callbacks_total{vendor="${vendorOf(name)}",outcome="forged"}`)).toBe(answers.length);
  });

  test.for(CALLING)("%s: a genuine call that cannot be read is parked for a person", async (name) => {
    const { worker, doors, runs } = await setup();

    expect((await doors[name].sendBroken()).answers).toEqual([200]);

    await worker.line("parked: it stays");
    const [open] = await openEvents(worker);
    expect(open).toMatchObject({
      source: vendorOf(name),
      type: "(unreadable)",
      state: "parked",
      reason: expect.stringContaining("cannot be read"),
    });
    expect(await press(worker, "discard", { id: open?.id ?? "", reason: "seen" })).toBe("discarded");
    await vi.waitFor(async () => expect(await openEvents(worker)).toEqual([]));
    expect((await doors[name].sendBroken()).answers).toEqual([200]);
    expect(await openEvents(worker)).toEqual([]);
    expect(runs()).toEqual([]);
  });

  test.for(CALLING)("%s: an event that was parked stays visible until a retry handles it", async (name) => {
    const { worker, send, phasesOf, folder } = await setup({ ATTEMPTS: "1" });
    const mended = join(folder, "mended");

    expect(await send(name, { key: "bad", script: { failsWithout: mended } })).toEqual([200]);

    await worker.line("parked: it stays");
    const [open] = await openEvents(worker);
    expect(open).toMatchObject({ source: vendorOf(name), state: "parked", reason: "not yet, says the test" });
    writeFileSync(mended, "");
    expect(await press(worker, "retry", { id: open?.id ?? "" })).toBe("retried");
    await vi.waitFor(() => expect(phasesOf("bad")).toEqual(["start", "failure", "start", "success"]));
    await vi.waitFor(async () => expect(await openEvents(worker)).toEqual([]));
  });

  test("a path without its suffix, or with another one, gets 404, and a body beyond 1 MiB gets 413", async () => {
    const { worker, runs } = await setup();

    for (const name of CALLING) {
      const url = `${worker.url}/callbacks/${vendorOf(name)}`;
      for (const suffix of ["", "/", `/${SUFFIX}x`, `/${SUFFIX.toUpperCase()}`, `/1500000001/${SUFFIX}`])
        expect(await statusOf(`${url}${suffix}`, "{}")).toBe(404);
      expect(await statusOf(`${url}/${SUFFIX}`, "x".repeat(MIB + 1))).toBe(413);
      expect(await statusOf(`${url}/${SUFFIX}`, "x".repeat(MIB))).toBe(401);
    }
    expect(runs()).toEqual([]);
  });

  test("while Redis is away callbacks get 503 in time, and the vendors' own retries are accepted later", async () => {
    const redis = await startOwnRedis();
    const { doors, embed, phasesOf } = await setupDoors(DOORS, { redis });
    const worker = await embed();
    const send = sendTo(doors);
    // The first scrape loads a library, which holds up a busy machine for longer than a vendor's call has to spare.
    await metric(worker, "reliable_callback_ready");
    await redis.stop();
    await worker.line("redis is away");

    const sending = CALLING.map(async (name) => ({ name, answers: await send(name, { key: name }) }));
    for (const name of CALLING) {
      const failed = `callbacks_total{vendor="${vendorOf(name)}",outcome="failed"}`;
      await vi.waitFor(async () => expect(await metric(worker, failed)).toBeGreaterThan(0));
    }
    await redis.start();

    for (const { name, answers } of await Promise.all(sending)) {
      expect({ [name]: answers }).toEqual({ [name]: expect.toSatisfy(isRefusedThenTaken) });
      await vi.waitFor(() => expect(phasesOf(name)).toEqual(["start", "success"]));
    }
  });

  test("a worker killed right after its 200 leaves the event to the next one", async () => {
    const { doors, start, embed, runsOf } = await setupDoors(DOORS);
    const worker = await start({ CONCURRENCY: "1" });
    const send = sendTo(doors);
    await Promise.all(CALLING.map((name) => send(name, { key: name, script: { ms: 2_000 } })));
    worker.send("SIGKILL");

    await embed();

    await vi.waitFor(
      () => {
        for (const key of CALLING) expect(runsOf(key).filter(({ phase }) => phase === "success")).toHaveLength(1);
      },
      { timeout: 35_000 },
    );
    const doneBy = CALLING.flatMap((key) => runsOf(key).filter(({ phase }) => phase === "success"));
    expect(doneBy.map(({ pid }) => pid)).toEqual(CALLING.map(() => process.pid));
  }, 45_000);

  test("an event that is both pushed and pulled is one event, whichever comes first", async () => {
    const { push, offer, worker, phasesOf, allConfirmed, runs } = await setupBothDoors();

    expect(await push({ key: "pushed first" })).toEqual([200]);
    offer({ key: "pushed first" });
    offer({ key: "pulled first" });
    await vi.waitFor(() => expect(phasesOf("pulled first")).toEqual(["start", "success"]));
    expect(await push({ key: "pulled first" })).toEqual([200]);
    const together = Array.from({ length: 60 }, (_, n) => `together ${n}`);
    await Promise.all(
      together.map(async (key) => {
        offer({ key });
        expect((await push({ key })).at(-1)).toBe(200);
      }),
    );

    await allConfirmed();
    await vi.waitFor(() => expect(runs().filter(({ phase }) => phase === "success")).toHaveLength(62));
    expect(await metric(worker, 'queue_events{state="running"}')).toBe(0);
    expect(await metric(worker, 'queue_events{state="waiting"}')).toBe(0);
    expect(runs().filter(({ phase }) => phase === "start")).toHaveLength(62);
    expect(new Set(runs().map(({ key }) => key))).toEqual(new Set(["pushed first", "pulled first", ...together]));
  });

  test("an event that was both pushed and pulled is parked once, and a discard confirms it", async () => {
    const { simulator, push, offer, worker, allConfirmed } = await setupBothDoors();
    const event = { key: "bad", script: { permanent: true } };

    expect(await push(event)).toEqual([200]);
    const [id = ""] = offer(event);

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

/** If a try got no answer in time, a reason stands in place of its status. */
function isRefusedThenTaken(answers: readonly (number | string)[]): boolean {
  return answers.length > 1 && answers.at(-1) === 200 && answers.slice(0, -1).every((answer) => answer === 503);
}
