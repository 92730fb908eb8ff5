import { describe, expect, test, vi } from "vitest";
import type { AlibabaMnsOptions } from "../../src/simulators/alibaba-mns/door.ts";
import { becomesReady, isNotReadyFor, openEvents, press } from "../support/probes.ts";
import { scripted } from "../support/scripted-events.ts";
import type { Script } from "../support/script.ts";
import { setupDoors } from "../support/worker-process.ts";

const [FIRST, SECOND] = ["vod-events", "vod-more"];

/** Queues of a simulated account, and worker processes that pull from them and from nothing else. */
async function setup(account: AlibabaMnsOptions = {}) {
  const options = { queues: [FIRST, SECOND], visibilityMs: 2_000, ...account };
  const { doors, start, embed, runsOf, runs, phasesOf, allConfirmed } = await setupDoors({ "alibaba-mns": options });
  const { simulator: mns } = doors["alibaba-mns"];
  const idOf = new Map<string, string>();
  return {
    mns,
    runs,
    phasesOf,
    runsOf,
    publish(key: string, script: Script = {}, queue = FIRST): void {
      const event = scripted("alibaba-mns", { key, script });
      const [id] = mns.publish(event, { queue, base64: key.length % 2 === 0 });
      if (id !== undefined) idOf.set(key, id);
    },
    seen(key: string) {
      const history = mns.find(idOf.get(key) ?? "");
      if (!history) throw new Error(`nothing was published as ${key}`);
      return history;
    },
    allDeleted: () => allConfirmed(),
    start,
    embed: (extra: Readonly<Record<string, string>> = {}) => embed({ BACKOFF_MS: "20", ...extra }),
  };
}

describe.concurrent("events from MNS queues", () => {
  test("are handled, and deleted only after that, whichever queue they come from", async () => {
    const { embed, publish, allDeleted, seen, runsOf, phasesOf } = await setup();
    const worker = await embed();
    publish("quick");
    publish("slow", { ms: 1_000 });
    publish("flaky", { failures: 2 });
    publish("second", {}, SECOND);

    await allDeleted();

    for (const key of ["quick", "slow", "flaky", "second"]) {
      expect(phasesOf(key).filter((phase) => phase === "success")).toHaveLength(1);
      expect(seen(key).confirmedAt).toBeGreaterThanOrEqual(runsOf(key).at(-1)?.at ?? Infinity);
      expect(seen(key).confirmations).toBe(1);
    }
    expect(worker.lines()).toContainEqual(
      expect.objectContaining({ sources: [`alibaba-vod/mns/${FIRST}`, `alibaba-vod/mns/${SECOND}`] }),
    );
    await becomesReady(worker);
  });

  test("stay in the queue while their handler fails, and their redeliveries start nothing", async () => {
    const { embed, publish, seen, phasesOf, allDeleted } = await setup();
    const worker = await embed({ ATTEMPTS: "2" });
    publish("hopeless", { failures: 99 });

    await vi.waitFor(() => expect(seen("hopeless").timesDelivered).toBeGreaterThan(2));

    expect(phasesOf("hopeless")).toEqual(["start", "failure", "start", "failure"]);
    expect(seen("hopeless")).toMatchObject({ confirmations: 0 });
    const [open] = await openEvents(worker);
    expect(open).toMatchObject({ source: `alibaba-vod/mns/${FIRST}`, type: "SnapshotComplete", state: "parked" });
    expect(await press(worker, "retry", { id: open?.id ?? "" })).toBe("retried");
    await vi.waitFor(() => expect(phasesOf("hopeless")).toHaveLength(6));
    await worker.line("parked: it stays");
    expect(await press(worker, "discard", { id: open?.id ?? "", reason: "hopeless" })).toBe("discarded");
    await allDeleted();
  });

  test("are kept hidden while their handler runs, however long that takes", async () => {
    const { mns, embed, publish, allDeleted, seen, phasesOf } = await setup({ visibilityMs: 4_000 });
    await embed();
    publish("long", { ms: 9_000 });

    await allDeleted();

    expect(phasesOf("long")).toEqual(["start", "success"]);
    expect(seen("long")).toMatchObject({ timesDelivered: 1, confirmations: 1 });
    expect(mns.stats().calls["ChangeMessageVisibility"]).toBeGreaterThan(0);
    expect(mns.stats().staleHandles).toBe(0);
  });

  test("do not count as deleted if their receipt is refused because it is just being replaced", async () => {
    const { mns, embed, publish, allDeleted, seen, phasesOf } = await setup({ visibilityMs: 4_000 });
    mns.faults.inject({ action: "ChangeMessageVisibility", kind: "bad-gateway", ms: 1_500, effect: true });
    mns.faults.inject({ action: "BatchDeleteMessage", kind: "bad-gateway" });
    const worker = await embed();
    // The window is extended after 2 s. The answer to that call fails 1.5 s later.
    publish("just then", { ms: 2_500 });

    await allDeleted();

    expect(phasesOf("just then")).toEqual(["start", "success"]);
    expect(seen("just then")).toMatchObject({ confirmations: 1 });
    expect(seen("just then").timesDelivered).toBeGreaterThan(1);
    expect(mns.faults.list()).toMatchObject([{ hits: 1 }, { hits: 1 }]);
    await vi.waitFor(async () => expect(await openEvents(worker)).toEqual([]));
  });

  test("come back if their window cannot be extended; this starts nothing, and they are deleted in the end", async () => {
    const { mns, embed, publish, allDeleted, seen, phasesOf } = await setup({ denied: ["ChangeMessageVisibility"] });
    const worker = await embed();
    publish("long", { ms: 6_000 });

    await allDeleted();

    expect(phasesOf("long")).toEqual(["start", "success"]);
    expect(seen("long").timesDelivered).toBeGreaterThan(1);
    expect(seen("long").confirmations).toBe(1);
    expect(mns.stats().calls["ChangeMessageVisibility"]).toBeGreaterThan(1);
    expect(worker.lines().filter(({ msg }) => msg.startsWith("cannot extend the window"))).toHaveLength(1);
  });

  test.for([{ effect: false }, { effect: true }])(
    "do not count as deleted if a proxy answers in the vendor's place (effect: $effect)",
    { timeout: 120_000 },
    async ({ effect }) => {
      const { mns, embed, publish, allDeleted, phasesOf } = await setup();
      mns.faults.inject({ action: "BatchDeleteMessage", kind: "bad-gateway", times: 3, effect });
      const worker = await embed();
      for (let n = 0; n < 20; n++) publish(`f${n}`);

      await allDeleted();

      // If the next try comes after the window, it takes two looks to tell, with long polls between them.
      await vi.waitFor(async () => expect(await openEvents(worker)).toEqual([]), { timeout: 70_000 });
      for (let n = 0; n < 20; n++) expect(phasesOf(`f${n}`)).toEqual(["start", "success"]);
      expect(mns.faults.list()).toMatchObject([{ hits: 3 }]);
    },
  );

  test("are handled once by two workers that pull from the same queues", async () => {
    const { embed, publish, allDeleted, runs } = await setup();
    await Promise.all([embed(), embed()]);
    for (let n = 0; n < 100; n++) publish(`f${n}`, { ms: 20 }, n % 2 === 0 ? FIRST : SECOND);

    await allDeleted();

    expect(runs().filter(({ phase }) => phase === "start")).toHaveLength(100);
    expect(new Set(runs().map(({ key }) => key)).size).toBe(100);
  });

  test("of a killed worker are taken over, running and waiting ones", async () => {
    const { start, embed, publish, allDeleted, runsOf, phasesOf, seen } = await setup();
    const first = await start({ CONCURRENCY: "2" });
    for (const key of ["one", "two", "three", "four"]) publish(key, { ms: 1_500 });
    await vi.waitFor(() => expect(runsOf("one")).toHaveLength(1));
    first.send("SIGKILL");

    await embed();
    await allDeleted();

    for (const key of ["one", "two", "three", "four"]) {
      expect(phasesOf(key).filter((phase) => phase === "success")).toHaveLength(1);
      expect(runsOf(key).at(-1)?.pid).toBe(process.pid);
      expect(seen(key).confirmations).toBe(1);
    }
  }, 45_000);

  test("that cannot be read are parked, and deleted when a person discards them", async () => {
    const { mns, embed, publish, allDeleted, phasesOf, runs } = await setup();
    mns.publish("no event at all");
    mns.publish('{"EventType":"SnapshotComplete", "cut off');
    const worker = await embed();
    publish("readable");

    await vi.waitFor(() => expect(phasesOf("readable")).toEqual(["start", "success"]));
    await vi.waitFor(async () => expect(await openEvents(worker)).toHaveLength(2));
    const open = await openEvents(worker);
    for (const event of open) {
      expect(event).toMatchObject({
        type: "(unreadable)",
        state: "parked",
        reason: expect.stringContaining("cannot be read"),
      });
      expect(await press(worker, "discard", { id: event.id, reason: "not ours" })).toBe("discarded");
    }
    await allDeleted();
    expect(runs()).toHaveLength(2);
  });

  test("do not arrive with a wrong secret: the worker goes on, and names the setting to check", async () => {
    const { embed } = await setup();

    const worker = await embed({ ALIBABA_CLOUD_ACCESS_KEY_SECRET: "another-secret" });

    await isNotReadyFor(worker, /ALIBABA_CLOUD_ACCESS_KEY_SECRET/);
    expect(await worker.line("pull failed")).toMatchObject({
      level: 50,
      fix: expect.stringContaining("ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
    });
    expect(worker.text()).not.toContain("another-secret");
  });
});
