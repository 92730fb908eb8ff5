import type { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import { sleep } from "../../src/core/sleep.ts";
import { createStepStore } from "../../src/ledger/steps.ts";
import { createGate } from "../../src/ledger/gate.ts";
import { delivery } from "../contracts/inbox-trial.ts";
import { limitsBy } from "../contracts/gate-trial.ts";
import { inboxContract, type InboxSetup } from "../contracts/inbox.ts";
import { inboxOnRedis, jobsByHand, takeIn } from "../support/redis-inbox.ts";
import { keysUnder, setupRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";

const CLAIM_MS = 400;
const times = { windowMs: 400, graceMs: 600, callMs: 80, lookMs: 50 };
const source = sourceTerms({ name: "tencent-vod/1500000001", windowMs: times.windowMs });

const setup: InboxSetup = async ({
  maxWaiting = 1_000,
  maxCallsPerSecond = source.maxCallsPerSecond,
  limited,
  mostHeld = 1_000,
} = {}) => {
  const { redis, prefix, keys } = setupRedis();
  const limits = { maxWaiting, mostHeld, limitsOf: limitsBy(limited) };
  const inbox = inboxOnRedis({ redis, keys, times, ...limits });
  const replica = inboxOnRedis({ redis, keys, times, ...limits });
  const { close, ...jobs } = jobsByHand({ redis, keys, inbox });
  return {
    inbox,
    replica,
    gate: createGate(redis, keys, { lookAfterMs: { given: times.lookMs, taken: times.lookMs } }),
    limited,
    times,
    steps: {
      ...createStepStore(redis, keys, CLAIM_MS),
      ids: async () => {
        const { stepOwners, steps } = keys.keysOf(source.name);
        const ids = await redis.hkeys(stepOwners);
        expect((await redis.keys(steps("*"))).toSorted()).toEqual(ids.map(steps).toSorted());
        return ids;
      },
      claimMs: CLAIM_MS,
    },
    source: { ...source, maxCallsPerSecond },
    now: () => timeOf(redis),
    advance: (ms) => sleep(ms),
    jobs,
    async loseEverything() {
      for (const key of await keysUnder(redis, prefix)) await redis.del(key);
    },
    async close() {
      await Promise.all([close(), inbox.close(), replica.close()]);
    },
  };
};

// Most scenarios wait for windows to close.
describe.concurrent("a ledger", () => inboxContract("the inbox on Redis", setup));

test("a record expires a day after the vendor's retention, and an extension does not change that", async () => {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times });
  const queue = { ...source, name: "aws-mediaconvert/q", longestRetentionMs: 14 * 24 * 3_600_000 };
  const daysOf = async (name: string, fingerprint: string) =>
    Math.round((await redis.pttl(keys.keysOf(name).event(fingerprint))) / 24 / 360_000) / 10;
  const ids: string[] = [];
  for (const from of [source, queue]) {
    const one = delivery(from, "f1");
    const sent = await inbox.turn(from, "pull");
    const [added] = (await inbox.accept(from, sent, [one])).acceptances;
    expect(await daysOf(from.name, one.fingerprint)).toBe(from === queue ? 15 : 5);
    await redis.pexpire(keys.keysOf(from.name).event(one.fingerprint), 2 * 24 * 3_600_000);
    const id = added?.verdict === "add" ? added.id : "";
    const event = { id, fingerprint: one.fingerprint, source: from.name };
    await inbox.extended(event, one.receipt, { receipt: "another", windowMs: 60_000 }, sent);
    expect(await redis.hget(keys.keysOf(from.name).event(one.fingerprint), "receipt")).toBe("another");
    expect(await daysOf(from.name, one.fingerprint)).toBe(2);
    ids.push(id);
  }
  expect(new Set(ids).size).toBe(2);
  await inbox.close();
});

test("nothing of a confirmed event stays in the ledger after the grace", async () => {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times });
  const [ledger] = keys.keysOf(source.name).scope;
  const { pace } = keys.keysOf(source.name);
  const ledgerKeys = async () => (await redis.keys(`${ledger}*`)).filter((key) => !key.startsWith(pace("")));
  const one = delivery(source, "f1");
  const event = await takeIn(inbox, source, one, await timeOf(redis));
  const { confirmation } = await inbox.mark(event, true);
  expect(await ledgerKeys()).not.toEqual([]);
  if (confirmation) await inbox.settle(confirmation, "confirmed");
  await expect.poll(ledgerKeys).toEqual([]);
  await inbox.close();
});

test("the pull of a process that died counts as one without an answer", async () => {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times });
  const { pulls, lost } = keys.keysOf(source.name);
  const now = await timeOf(redis);
  await redis.zadd(pulls, now - 30_001, `died:1 16 ${source.name}`, now - 20_000, `lives:1 16 ${source.name}`);

  await inbox.quiet(source, { pull: "lives:1", sent: now, isEmpty: true });

  expect(Number(await redis.get(lost))).toBeGreaterThanOrEqual(now);
  expect(await redis.zrange(pulls, 0, "-1")).toEqual([`lives:1 16 ${source.name}`]);
  await inbox.close();
});

async function timeOf(redis: Redis): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
}
