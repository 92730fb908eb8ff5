import { expect, test } from "vitest";
import { keysUnder, setupRedis } from "../support/redis.ts";
import { setupWorld } from "../support/worker-process.ts";

const EVENTS = 10_000;

test("ten thousand events are each handled once and confirmed once, and leave nothing behind", async () => {
  const { redis, keys, ...keyspace } = setupRedis();
  const { simulator, start, allConfirmed } = await setupWorld({ redis: keyspace, windowMs: 30_000 });
  const ids = simulator.publish("NewFileUpload", { count: EVENTS });
  const noOp = { HANDLERS: new URL("../support/no-op-handlers.ts", import.meta.url).pathname };
  const worker = await start({ ...noOp, TENCENT_VOD_MAX_QPS: "1000", CONFIRM_GRACE_MS: "12000", MAX_WAITING: "20000" });
  await allConfirmed(120_000);

  const { calls } = simulator.stats();
  const history = simulator.history({ limit: EVENTS });
  expect(history.map(({ confirmations }) => confirmations)).toEqual(ids.map(() => 1));
  // Two full calls for 16 events would be 0.125. The slower the machine, the more calls go out before they are full.
  expect(((calls.PullEvents ?? Infinity) + (calls.ConfirmEvents ?? Infinity)) / EVENTS).toBeLessThan(0.2);
  const metrics = await (await fetch(`${worker.url}/metrics`)).text();
  expect(metrics).toContain(`reliable_callback_handled_total{source="tencent-vod",type="NewFileUpload"} ${EVENTS}\n`);

  // History is capped at 1,000 jobs; the ledger forgets a confirmed event after the grace.
  const own = keys.keysOf("tencent-vod");
  const known = async () => (await redis.keys(own.event("*"))).length + (await redis.exists(own.confirmed));
  await expect.poll(known, { timeout: 30_000 }).toBe(0);
  const left = await keysUnder(redis, keyspace.prefix);
  expect(left.filter((key) => key.startsWith(own.job("ev-"))).length).toBeLessThanOrEqual(1_000);
  const { shared } = keys;
  const quotas = ["tencent-vod:pull", "tencent-vod:confirm"].flatMap((name) => [
    shared.quota(name),
    shared.turns(name),
  ]);
  const fixed = new Set([
    shared.sources,
    shared.replicas,
    shared.pulse,
    shared.layout,
    shared.probe,
    shared.canary,
    ...quotas,
    own.born,
    own.room,
    own.pulls,
    own.history,
  ]);
  // These keys are bounded by a count and by time.
  const passing = [own.queue(""), own.pace(""), own.past(""), shared.series("")];
  expect(left.filter((key) => !passing.some((beginning) => key.startsWith(beginning)) && !fixed.has(key))).toEqual([]);
}, 180_000);
