import { expect, test } from "vitest";
import { sleep } from "../../src/core/sleep.ts";
import { atEnd } from "../support/at-end.ts";
import { startRedisProcess } from "../support/redis-process.ts";
import { scripted } from "../support/scripted-events.ts";
import { startSentinelSet, type SentinelSet } from "../support/sentinel-set.ts";
import { until } from "../support/until.ts";
import { setupDoors, setupWorld } from "../support/worker-process.ts";
import { TENCENT } from "../support/world.ts";

const EVENTS = 300;
const SECRETS = { password: "of-redis", sentinelPassword: "of-the-sentinels" };

async function setup(options = {}) {
  const set = await startSentinelSet(options);
  atEnd(() => set.close());
  const world = await setupWorld({ redis: { url: set.url, prefix: "fails-over" } });
  return { set, ...world };
}

const ENDS: readonly (readonly [string, (set: SentinelSet) => Promise<unknown>])[] = [
  ["is killed", async (set) => (await set.primary()).process.kill("SIGKILL")],
  ["freezes", async (set) => (await set.primary()).process.kill("SIGSTOP")],
  [
    "is replaced by command",
    async ({ sentinels: [sentinel], name }) => sentinel?.admin.call("SENTINEL", "FAILOVER", name),
  ],
];

test.concurrent.for(ENDS)(
  "a primary that %s: the worker goes on with the next one, and nothing is lost",
  async ([, end]) => {
    const { set, start, publish, simulator, allConfirmed, runs } = await setup(SECRETS);
    const worker = await start({ REDIS_SENTINEL_PASSWORD: SECRETS.sentinelPassword });
    const port = await set.primaryPort();
    let n = 0;
    const publishing = (async () => {
      while (n < EVENTS) {
        publish(`event ${n++}`, { ms: 5 });
        await sleep(10);
      }
    })();
    await until("some are confirmed", () => simulator.stats().confirmed > 20);

    await end(set);
    await set.replaced(port);
    await publishing;
    publish("after it");
    await until("the one after it is handled", () => runs().some(({ key }) => key === "after it"), {
      timeoutMs: 30_000,
    });
    await allConfirmed(60_000);

    expect(runs().filter(({ phase }) => phase === "failure")).toEqual([]);
    expect(new Set(runs().flatMap(({ phase, key }) => (phase === "success" ? [key] : []))).size).toBe(EVENTS + 1);
    expect(worker.text()).toContain("redis is back");
  },
);

test.concurrent("with REDIS_WAIT_REPLICAS a callback is taken, and a success confirmed, once a replica has it", async () => {
  const [primary, replica] = await Promise.all([
    startRedisProcess({ "repl-diskless-sync-delay": "0" }),
    startRedisProcess(),
  ]);
  atEnd(() => Promise.all([primary.close(), replica.close()]));
  const redis = { url: primary.url, prefix: "replicated" };
  const { doors, start, runs } = await setupDoors({ "tencent-vod": TENCENT, "tencent-vod-push": {} }, { redis });
  const { simulator } = doors["tencent-vod"];
  const worker = await start({ REDIS_WAIT_REPLICAS: "1" });
  const send = async (key: string) =>
    (await doors["tencent-vod-push"].send(scripted("tencent-vod", { key, script: {} }))).answers;

  simulator.publishBody(scripted("tencent-vod", { key: "pulled", script: {} }));
  const [first] = await send("pushed");
  await until("both are handled", () => runs().filter(({ phase }) => phase === "success").length === 2);
  await until("it says why", () => worker.text().includes("confirmation waits for Redis' replicas"));

  expect(first).toBe(503);
  expect(simulator.stats().confirmed).toBe(0);

  await replica.admin.replicaof("127.0.0.1", primary.port);
  await until("it is confirmed", () => simulator.stats().confirmed === 1);
  expect(await send("pushed later")).toEqual([200]);
  expect(runs().filter(({ phase }) => phase === "start")).toHaveLength(3);
});
