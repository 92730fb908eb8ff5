import { Redis } from "ioredis";
import { expect, onTestFinished, test, vi } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { createKeys } from "../../src/ledger/keys.ts";
import { startApp } from "../../src/worker/app.ts";
import { metric } from "../support/probes.ts";
import { recordingLog } from "../support/recording.ts";
import { keysUnder, sharedRedis } from "../support/redis.ts";
import { setupWorld } from "../support/worker-process.ts";

const CANARY_MS = 600;

/** Workers that share a queue, with a canary every so often. */
async function setup(replicas: number) {
  const { url, prefix } = sharedRedis();
  const { env } = await setupWorld({ redis: { url, prefix } });
  const run = vi.fn();
  const { log, said } = recordingLog();
  const apps = await Promise.all(
    Array.from({ length: replicas }, async () => {
      const config = readConfig({ ...env, HANDLERS: undefined });
      const handlers = { list: [{ vendor: "*", type: "*", run }] };
      const app = await startApp({ config, handlers, log, workTerms: { canaryMs: CANARY_MS } });
      onTestFinished(() => app.stop());
      return app;
    }),
  );
  const redis = new Redis(url);
  onTestFinished(() => redis.disconnect());
  const count = async (name: string): Promise<number> => {
    const counts = await Promise.all(apps.map((app) => metric(app, `canary_${name}_seconds_count`)));
    return counts.reduce<number>((sum, each) => sum + (each ?? Number.NaN), 0);
  };
  return { apps, run, said, redis, prefix, count };
}

test("all replicas send one canary through the queue, which appears in no count and no list", async () => {
  const began = performance.now();
  const { apps, run, said, redis, prefix, count } = await setup(2);
  const [app] = apps;
  if (!app) throw new Error("none was started");
  // on a busy machine the first is under way before anybody looks
  expect(await count("start")).not.toBeNaN();
  expect(await count("done")).not.toBeNaN();

  await expect.poll(() => count("done")).toBeGreaterThanOrEqual(3);
  const sent = await count("start");
  expect(sent).toBeLessThanOrEqual((performance.now() - began) / CANARY_MS + 2);

  const { queue, problems, sources } = await app.status();
  expect(queue).toMatchObject({ waiting: 0, running: 0, delayed: 0, parked: 0, completed: 0 });
  expect(problems).toEqual([]);
  expect(sources).toMatchObject([{ unconfirmed: 0, handled: 0 }]);
  expect(run).not.toHaveBeenCalled();
  expect(await metric(app, "crashes_total")).toBe(0);
  expect(said("debug").filter((line) => line.includes("canary"))).toEqual([]);
  const { keysOf } = createKeys(prefix);
  const [ledger] = keysOf("").scope;
  const left = (await keysUnder(redis, prefix)).filter((key) => key.startsWith(ledger));
  expect(left.filter((key) => /event|push|unconfirmed|handled|receipts/.test(key))).toEqual([]);
  await expect.poll(() => redis.zcard(keysOf("").queue("completed"))).toBe(0);
});
