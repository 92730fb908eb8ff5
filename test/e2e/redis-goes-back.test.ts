import { cp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { createKeys } from "../../src/ledger/keys.ts";
import { becomesReady, metric, readiness } from "../support/probes.ts";
import { startOwnRedis } from "../support/redis.ts";
import { setupDoors } from "../support/worker-process.ts";
import { TENCENT } from "../support/world.ts";

const TEN_MINUTES_MS = 600_000;
const DOORS = { "tencent-vod": { ...TENCENT, windowMs: 4_000 }, "alibaba-vod": {} };

type OwnRedis = Awaited<ReturnType<typeof startOwnRedis>>;

async function setup() {
  const server = await startOwnRedis();
  const world = await setupDoors(DOORS, { redis: server });
  const worker = await world.embed({ BACKOFF_MS: "200" });
  await becomesReady(worker);
  return { ...world, server, worker };
}

test("if Redis comes back with data of ten minutes ago, the worker reports it and loses no pulled event", async () => {
  const { server, worker, folder, publish, doors, runsOf, phasesOf, seen } = await setup();
  expect(await metric(worker, "redis_data_lost_total")).toBe(0);
  const gate = join(folder, "gate");
  publish("confirmed before");
  await expect.poll(() => seen("confirmed before").confirmations).toBe(1);
  publish("waits", { failsWithout: gate });
  publish("confirmed since", { ms: 1_500 });
  await expect.poll(() => phasesOf("confirmed since")).toEqual(["start"]);
  await expect.poll(() => phasesOf("waits")).toContain("failure");
  const { faults } = doors["tencent-vod"].simulator;
  faults.inject({ action: "ConfirmEvents", kind: "http-500", probability: 1 });
  publish("twin");
  await expect.poll(() => phasesOf("twin")).toContain("success");
  const snapshot = await snapshotOf(server);
  faults.clear();
  await expect.poll(() => seen("twin").confirmations).toBe(1);

  publish("taken in since", { failsWithout: gate });
  publish("pushed since", { failsWithout: gate }, "alibaba-vod");
  publish("runs", { ms: 6_000 });
  await expect.poll(() => phasesOf("pushed since")).toContain("failure");
  await expect.poll(() => phasesOf("taken in since")).toContain("failure");
  await expect.poll(() => phasesOf("runs")).toEqual(["start"]);
  await expect.poll(() => seen("confirmed since").confirmations).toBe(1);
  await restore(server, snapshot);

  const { from, until } = await worker.line("Redis lost everything that was written between");
  expect(Date.parse(String(until)) - Date.parse(String(from))).toBeGreaterThan(TEN_MINUTES_MS);
  expect(await worker.line("Redis lost everything")).toMatchObject({
    level: 50,
    code: "redis-data-lost",
    cause: "restarted",
  });
  expect(await metric(worker, "redis_data_lost_total")).toBe(1);
  await expect.poll(async () => (await readiness(worker)).state).toBe("attention");
  const told = (await readiness(worker)).problems.find((problem) => problem.startsWith("Redis lost everything"));
  expect(told).toMatch(/: it was started again with older data, .*; callbacks of that time .* may run twice$/);
  expect(await (await fetch(`${worker.pagesUrl}/`)).text()).toContain("may run twice");

  await writeFile(gate, "");
  await expect.poll(() => phasesOf("taken in since").includes("success"), { timeout: 30_000 }).toBe(true);
  await expect.poll(() => phasesOf("waits").includes("success"), { timeout: 30_000 }).toBe(true);
  await expect
    .poll(() => ["waits", "taken in since", "runs"].map((key) => seen(key).confirmations), { timeout: 30_000 })
    .toEqual([1, 1, 1]);
  for (const key of ["waits", "taken in since", "runs", "confirmed since"]) {
    const success = runsOf(key).find(({ phase }) => phase === "success");
    expect(seen(key).confirmedAt).toBeGreaterThanOrEqual(success?.at ?? Number.POSITIVE_INFINITY);
  }
  // In the older data the first one is still to be confirmed.
  await worker.line("after the loss of data all handled events of this source count as confirmed");
  publish("twin");
  await expect.poll(() => phasesOf("twin").filter((phase) => phase === "success")).toHaveLength(2);
  expect(phasesOf("confirmed before")).toEqual(["start", "success"]);
  // It may run again, but never twice at once.
  expect(phasesOf("runs").slice(0, 2)).toEqual(["start", "success"]);
  expect(phasesOf("pushed since")).not.toContain("success");
}, 120_000);

/** The server's data on disk. By the last heartbeat in them, they are ten minutes old. */
async function snapshotOf({ folder, prefix }: OwnRedis): Promise<string> {
  const other = await startOwnRedis();
  await other.stop();
  await replaceData(dataIn(folder), dataIn(other.folder));
  await other.start();
  const redis = new Redis(other.url);
  onTestFinished(() => redis.disconnect());
  const { pulse } = createKeys(prefix).shared;
  expect(await redis.exists(pulse)).toBe(1);
  await redis.hset(pulse, { beats: 0, at: Date.now() - TEN_MINUTES_MS });
  await other.stop();
  redis.disconnect();
  return dataIn(other.folder);
}

async function restore(server: OwnRedis, snapshot: string): Promise<void> {
  await server.stop();
  await replaceData(snapshot, dataIn(server.folder));
  await server.start();
}

function dataIn(folder: string): string {
  return join(folder, "appendonlydir");
}

async function replaceData(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true });
}
