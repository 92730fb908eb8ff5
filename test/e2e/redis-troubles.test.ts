import { describe, expect, test } from "vitest";
import { runToEnd } from "../support/process.ts";
import { problemCodes, readiness } from "../support/probes.ts";
import { type RedisProcess, startRedisProcess } from "../support/redis-process.ts";
import { PREFIX, REDIS_TROUBLES, type RedisTroubleRow } from "../support/redis-troubles.ts";
import { until } from "../support/until.ts";
import { openTencentWorld } from "../support/world.ts";

const BEFORE = 20;
const MEANWHILE = 10;
const MOST_MS = 40_000;
/** The connection itself reports these problems. The check for the others waits for Redis. */
const SAID_BY_CONNECTIONS: ReadonlySet<string> = new Set(["redis-loading", "redis-no-access", "redis-no-connections"]);
/** On a slow machine Redis may be in trouble for longer than this. Then the promises allow a second run. */
const JOB_LOCK_MS = 10_000;

async function open({ settings }: Pick<RedisTroubleRow, "settings">) {
  const redis = await startRedisProcess(settings);
  if (settings?.["cluster-enabled"]) {
    await redis.admin.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    await until("the cluster is up", async () => (await redis.admin.cluster("INFO")).includes("cluster_state:ok"));
  }
  const world = await openTencentWorld({ redis: { url: redis.url, prefix: PREFIX }, windowMs: 4_000 });
  const all = [redis];
  return {
    ...world,
    redis,
    async another(): Promise<RedisProcess> {
      const other = await startRedisProcess(settings);
      all.push(other);
      return other;
    },
    async close(): Promise<void> {
      await world.close();
      await Promise.all(all.map((one) => one.close()));
    },
  };
}

describe.concurrent("while Redis is in trouble the worker reports it by name, waits, and resumes:", () => {
  test.each(REDIS_TROUBLES)("$name", { timeout: 120_000 }, async (row) => {
    const { redis, another, publish, embed, runs, seen, allConfirmed, close } = await open(row);
    try {
      const keys = Array.from({ length: BEFORE + MEANWHILE }, (_, n) => `event ${n}`);
      const worker = await embed({ CONCURRENCY: "8" });
      for (const key of keys.slice(0, BEFORE)) publish(key, { ms: 300 });
      await until("some run", () => runs().length > 8);

      const began = performance.now();
      await row.begin(redis, another);
      for (const key of keys.slice(BEFORE)) publish(key, { ms: 50 });
      let codes: readonly string[] = [];
      const isTold = async (): Promise<boolean> => (codes = await problemCodes(worker)).includes(row.code);
      await until(`${row.code} is told`, isTold);
      const toldMs = performance.now() - began;
      // The worker must not blame a vendor for it.
      expect(codes.filter((code) => !code.startsWith("redis-"))).toEqual([]);
      expect(await readiness(worker)).toMatchObject({ status: 503, state: "not-ready" });
      expect((await fetch(`${worker.url}/healthz`)).status).toBe(200);

      if (SAID_BY_CONNECTIONS.has(row.code))
        expect(worker.lines()).toContainEqual(expect.objectContaining({ level: 50, code: row.code }));

      const remedied = performance.now();
      await row.end(redis);
      publish("afterwards");
      await until("it goes on", () => seen("afterwards").confirmedAt !== undefined, { timeoutMs: MOST_MS });
      const resumedMs = performance.now() - remedied;
      await allConfirmed();
      await until("it is ready", async () => (await readiness(worker)).ready);

      const successes = (key: string) => runs().filter((note) => note.key === key && note.phase === "success");
      const early = keys.filter((key) => (seen(key).confirmedAt ?? 0) < (successes(key)[0]?.at ?? Infinity));
      const again = keys.filter((key) => successes(key).length > 1);
      const told = `told after ${inSeconds(toldMs)}, resumed ${inSeconds(resumedMs)} after its end`;
      console.log(`${row.name}: ${told}, ${again.length} events ran twice`);
      expect(early).toEqual([]);
      if (remedied - began < JOB_LOCK_MS) expect(again).toEqual([]);
      expect(worker.lines().length).toBeLessThan(60);
    } finally {
      await close();
    }
  });
});

describe.concurrent("if Redis is in trouble at the start,", () => {
  test("a replica is waited for, then reported by name", async () => {
    const { redis, env, folder, close } = await open({});
    try {
      await redis.admin.replicaof("127.0.0.1", 1);
      const { code, text } = await runToEnd(env, [], folder);
      expect(text).toContain(`REDIS_URL: 127.0.0.1:${redis.port} cannot be used: this Redis is a replica`);
      expect(text).toContain("point REDIS_URL to the primary");
      expect(code).toBe(1);
    } finally {
      await close();
    }
  });

  test("a cluster node without our keys is a mistake in the settings", async () => {
    const cluster = { "cluster-enabled": "yes" };
    const { redis, another, env, folder, close } = await open({ settings: cluster });
    try {
      const { url, admin, port, busPort } = await another();
      await redis.admin.call("CLUSTER", "MEET", "127.0.0.1", String(port), String(busPort));
      await until("it knows who has the slots", async () => (await admin.cluster("INFO")).includes("cluster_state:ok"));
      const { code, text } = await runToEnd({ ...env, REDIS_URL: url }, [], folder);
      expect(text).toContain(`REDIS_URL: 127.0.0.1:${port} cannot be used: this Redis is a node of a cluster`);
      expect(code).toBe(2);
    } finally {
      await close();
    }
  });

  test("the worker starts as soon as Redis has loaded its data, and works as soon as a full one has room", async () => {
    const { redis, embed, publish, allConfirmed, close } = await open({});
    try {
      const { admin } = redis;
      const first = await embed();
      await first.stop();
      await REDIS_TROUBLES.find(({ code }) => code === "redis-loading")?.begin(redis, async () => redis);
      const starting = embed();
      await until("it is asked", async () => /^connected_clients:[2-9]/m.test(await admin.info("clients")));
      await admin.config("SET", "key-load-delay", "0");
      const second = await starting;
      await second.stop();

      await admin.config("SET", "maxmemory", "1");
      publish("waits");
      const worker = await embed();
      await until("it is told", async () => (await problemCodes(worker)).includes("redis-full"));
      await admin.config("SET", "maxmemory", "0");
      await allConfirmed();
    } finally {
      await close();
    }
  });
});

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
