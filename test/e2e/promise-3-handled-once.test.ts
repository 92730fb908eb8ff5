import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { comesTo, readiness } from "../support/probes.ts";
import { startOwnRedis } from "../support/redis.ts";
import { setupWorld } from "../support/worker-process.ts";

async function setup(options: Parameters<typeof setupWorld>[0] = {}) {
  const world = await setupWorld(options);
  const successes = (key: string) => world.runsOf(key).filter(({ phase }) => phase === "success").length;
  return { ...world, successes };
}

describe.concurrent("promise 3: a handled event is not handled again because its confirmation was lost or late", () => {
  test("a confirmation whose answer is lost costs one more call, not a second run", async () => {
    // In a short window a busy worker would first learn that the event does not return, and would call nobody again.
    const { simulator, publish, embed, allConfirmed, successes } = await setup({ windowMs: 20_000 });
    simulator.faults.inject({ action: "ConfirmEvents", kind: "drop-after", times: 3 });
    await embed();
    publish("one");
    await allConfirmed();
    await vi.waitFor(() => expect(simulator.stats().calls.ConfirmEvents).toBeGreaterThan(1));
    expect(successes("one")).toBe(1);
  });

  test("a confirmation that never arrives is repeated, or sent at the next delivery", async () => {
    const { simulator, publish, embed, allConfirmed, successes, seen } = await setup();
    simulator.faults.inject({ action: "ConfirmEvents", kind: "http-500", times: 6 });
    await embed();
    publish("one");
    await allConfirmed();
    expect(successes("one")).toBe(1);
    expect(seen("one").confirmations).toBe(1);
  });

  test("dead receipts in a batch do not keep the others from being confirmed", async () => {
    const { simulator, publish, embed, allConfirmed, runs } = await setup();
    simulator.faults.inject({ action: "ConfirmEvents", kind: "stale", times: 2 });
    await embed();
    for (let n = 0; n < 40; n++) publish(`f${n}`);
    await allConfirmed();
    expect(runs().filter(({ phase }) => phase === "success")).toHaveLength(40);
  });

  test("a worker that is killed after it stored the success does not run the handler again", async () => {
    const { simulator, publish, start, embed, allConfirmed, successes } = await setup();
    simulator.faults.inject({ action: "ConfirmEvents", kind: "latency", ms: 600_000, times: 1 });
    const first = await start();
    publish("one");
    await vi.waitFor(() => expect(simulator.stats().calls.ConfirmEvents).toBe(1));
    first.send("SIGKILL");
    await embed();
    await allConfirmed();
    expect(successes("one")).toBe(1);
  });

  test("a step that succeeded is not run again after a crash, a failure, or by another replica", async () => {
    const { folder, publish, start, embed, allConfirmed, runsOf } = await setup();
    const first = await start();
    const mended = join(folder, "mended");
    publish("one", { charges: true, killsWithout: mended, failures: 1 });
    await first.exited;
    await writeFile(mended, "");
    await embed();
    await allConfirmed();
    const phases = runsOf("one").map(({ phase }) => phase);
    expect(phases).toEqual(["start", "charge", "start", "failure", "start", "success"]);
  });

  test("identical bodies that wait at the same time are two events, each handled and each confirmed", async () => {
    const { simulator, publish, embed, allConfirmed, runsOf } = await setup();
    publish("twin", { ms: 500 });
    publish("twin", { ms: 500 });
    await embed();
    await allConfirmed();
    const handled = runsOf("twin").filter(({ phase }) => phase === "success");
    expect(new Set(handled.map(({ id }) => id)).size).toBe(2);
    expect(simulator.history().map(({ confirmations }) => confirmations)).toEqual([1, 1]);
  });

  test("an identical body right after the confirmation is a new event", async () => {
    const { publish, embed, allConfirmed, successes } = await setup();
    await embed();
    for (let n = 1; n <= 3; n++) {
      publish("again");
      await allConfirmed();
      expect(successes("again")).toBe(n);
    }
  });

  test("two bodies under one receipt are two events, and the receipt is confirmed when both are handled", async () => {
    const { simulator, embed, allConfirmed, runsOf } = await setup();
    simulator.set({ handles: "same" });
    for (const [key, ms] of [
      ["quick", 0],
      ["slow", 1_000],
    ] as const) {
      const body = { EventType: "NewFileUpload", FileUploadEvent: { FileId: key, Script: { ms } } };
      simulator.publishBody(body, { handle: "one-handle" });
    }
    await embed();
    await allConfirmed();
    expect(runsOf("quick").map(({ phase }) => phase)).toEqual(["start", "success"]);
    expect(runsOf("slow").map(({ phase }) => phase)).toEqual(["start", "success"]);
  });

  test("if Redis is away for longer than the job lock, this process runs nothing twice", async () => {
    const redis = await startOwnRedis();
    const { publish, embed, allConfirmed, runsOf } = await setupWorld({
      redis,
      windowMs: 4_000,
    });
    const worker = await embed({ SHUTDOWN_GRACE_MS: "20000" });
    publish("finishes-meanwhile", { ms: 3_000 });
    publish("outlasts-it", { ms: 18_000 });
    await vi.waitFor(() => expect(runsOf("outlasts-it")).toHaveLength(1));
    await redis.stop();
    await worker.line("redis is away");
    await comesTo(async () => (await readiness(worker)).status, 503);
    await vi.waitFor(() => expect(runsOf("finishes-meanwhile")).toHaveLength(2));
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    await redis.start();
    const backAt = Date.now();
    publish("after");
    await vi.waitFor(() => expect(runsOf("after")).toHaveLength(2));
    expect(Date.now() - backAt).toBeLessThan(5_000);
    await allConfirmed();
    for (const key of ["finishes-meanwhile", "outlasts-it"])
      expect(runsOf(key).map(({ phase }) => phase)).toEqual(["start", "success"]);
  }, 90_000);

  test("several replicas that pull the same source handle each event once", async () => {
    const { publish, embed, allConfirmed, runs } = await setup();
    await Promise.all([embed(), embed(), embed({ ROLES: "pull" }), embed({ ROLES: "work,http" })]);
    for (let n = 0; n < 300; n++) publish(`f${n}`, { ms: 10 });
    await allConfirmed();
    expect(runs().filter(({ phase }) => phase === "start")).toHaveLength(300);
    expect(new Set(runs().map(({ key }) => key)).size).toBe(300);
  });
});
