import { expect, test } from "vitest";
import { sleep } from "../../src/core/sleep.ts";
import { atEnd } from "../support/at-end.ts";
import { startSentinelSet, type SentinelSet } from "../support/sentinel-set.ts";
import { until } from "../support/until.ts";
import { setupWorld } from "../support/worker-process.ts";

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
