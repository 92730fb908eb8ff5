import { describe, expect, test, vi } from "vitest";
import { sleep } from "../../src/core/sleep.ts";
import { startOwnRedis } from "../support/redis.ts";
import { setupWorld } from "../support/worker-process.ts";

describe.concurrent("promise 2: no event is lost", () => {
  test("a killed worker's events are handled and confirmed by the next one", async () => {
    const { publish, start, embed, allConfirmed, runs } = await setupWorld();
    const keys = Array.from({ length: 200 }, (_, n) => `f${n}`);
    for (const key of keys) publish(key, { ms: 20 });
    for (let round = 0; round < 3; round++) {
      const worker = await start();
      const before = runs().length;
      await vi.waitFor(() => expect(runs().length).toBeGreaterThan(before + 20));
      worker.send("SIGKILL");
      await worker.exited;
    }
    await embed();
    await allConfirmed(60_000);
    const succeeded = new Set(runs().flatMap(({ phase, key }) => (phase === "success" ? [key] : [])));
    expect(keys.filter((key) => !succeeded.has(key))).toEqual([]);
  }, 90_000);

  test("an event of a killed process runs elsewhere within 15 s, and the crash uses no attempt", async () => {
    const { publish, start, embed, runsOf, allConfirmed } = await setupWorld();
    const first = await start({ ATTEMPTS: "1" });
    publish("interrupted", { ms: 10_000 });
    await vi.waitFor(() => expect(runsOf("interrupted")).toHaveLength(1));
    await embed({ ATTEMPTS: "1" });
    first.send("SIGKILL");
    const killedAt = Date.now();
    await vi.waitFor(() => expect(runsOf("interrupted")).toHaveLength(2), { timeout: 30_000 });
    expect(Date.now() - killedAt).toBeLessThan(15_000);
    await allConfirmed();
    expect(runsOf("interrupted").map(({ phase, attempt }) => [phase, attempt])).toEqual([
      ["start", 1],
      ["start", 1],
      ["success", 1],
    ]);
  }, 60_000);

  test("a Redis that is killed and restarted still has all events", async () => {
    const redis = await startOwnRedis();
    const { publish, embed, allConfirmed, runs } = await setupWorld({ redis });
    await embed();
    for (let n = 0; n < 100; n++) publish(`f${n}`, { ms: 300 });
    await vi.waitFor(() => expect(runs().length).toBeGreaterThan(20));
    await redis.kill9();
    await redis.start();
    await allConfirmed();
    expect(runs().filter(({ phase }) => phase === "success")).toHaveLength(100);
  });

  test("events that are unconfirmed when Redis is emptied come back and are handled", async () => {
    const redis = await startOwnRedis();
    const { publish, embed, allConfirmed, runsOf, runs } = await setupWorld({ redis });
    await embed({ CONCURRENCY: "4" });
    for (let n = 0; n < 30; n++) publish(`f${n}`, { ms: 200 });
    await vi.waitFor(() => expect(runs().length).toBeGreaterThan(6));
    await redis.flush();
    await allConfirmed();
    for (let n = 0; n < 30; n++) expect(runsOf(`f${n}`).some(({ phase }) => phase === "success")).toBe(true);
  });

  test("while the vendor is down nothing is lost, and pulling resumes by itself", async () => {
    const { publish, embed, allConfirmed, simulator, runs } = await setupWorld();
    const worker = await embed();
    publish("before");
    await allConfirmed();
    for (const kind of ["http-500", "non-json", "drop-before"] as const) simulator.faults.inject({ kind, times: 2 });
    for (let n = 0; n < 20; n++) publish(`during${n}`);
    await worker.line("pull failed");
    // The pauses between calls grow with each failure: six in a row take seconds, twelve would take minutes.
    await allConfirmed(60_000);
    expect(runs().filter(({ phase }) => phase === "success")).toHaveLength(21);
    await worker.line("pulling again");
  }, 90_000);

  test("events beyond MAX_WAITING stay at the vendor until there is room", async () => {
    const { publish, embed, allConfirmed, runs } = await setupWorld();
    const worker = await embed({ MAX_WAITING: "5", CONCURRENCY: "1" });
    for (let n = 0; n < 60; n++) publish(`f${n}`, { ms: 100 });
    for (let look = 0; look < 10; look++) {
      const status: unknown = await (await fetch(`${worker.pagesUrl}/status.json`)).json();
      expect(status).toMatchObject({ queue: { waiting: expect.toSatisfy((n: number) => n <= 5 + 16) } });
      await sleep(100);
    }
    await allConfirmed(60_000);
    expect(runs().filter(({ phase }) => phase === "success")).toHaveLength(60);
  }, 90_000);
});
