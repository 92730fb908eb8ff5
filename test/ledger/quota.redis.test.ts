/** The turns under a vendor's quota: evenly spaced, with a burst that makes up for a worker that was held up. */
import { expect, onTestFinished, test } from "vitest";
import { inboxOnRedis } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";

const PER_SECOND = 100;
/** The first turns go at once, the next ones in even steps. */
const BURST = 20;

test("in any second there are fewer turns than the quota allows, the burst included", async () => {
  const { turns } = setup();
  const moments = await turns(3 * PER_SECOND);
  for (const [index, later] of moments.slice(PER_SECOND - 1).entries())
    expect(later - (moments[index] ?? NaN)).toBeGreaterThanOrEqual(1_000);
});

test("nearly all of the quota can be used for as long as it is wanted", async () => {
  const { turns } = setup();
  const moments = await turns(5 * PER_SECOND);
  expect((moments.at(-1) ?? NaN) - (moments[0] ?? NaN)).toBeLessThan(5_060);
});

test("a worker that was held up makes up for it by a burst", async () => {
  const { turns } = setup();
  const moments = await turns(PER_SECOND / 2);
  const first = moments[0] ?? NaN;
  expect(moments.filter((moment) => moment === first).length).toBeGreaterThanOrEqual(BURST);
  const pauses = moments.slice(BURST + 1).map((moment, index) => moment - (moments[BURST + index] ?? NaN));
  expect(Math.max(...pauses)).toBeLessThanOrEqual(1 + 1_000 / PER_SECOND + 1);
});

test("turns that were reserved before the clock was set back delay no new one", async () => {
  const { turns, redis, keys } = setup();
  await turns(PER_SECOND);
  const [now] = await redis.time();
  const ahead = (Number(now) + 3_600) * 1_000;
  await redis.set(keys.shared.quota("pull"), `${ahead} 1 ${ahead}`);
  await redis.del(keys.shared.turns("pull"));
  await redis.rpush(keys.shared.turns("pull"), ...Array.from({ length: PER_SECOND }, () => ahead));
  const [moment = NaN] = await turns(1);
  expect(moment).toBeLessThan(ahead - 3_500_000);
});

function setup() {
  const { redis, keys } = setupRedis();
  const times = { graceMs: 15_000, callMs: 5_000 };
  const { ledger, close } = inboxOnRedis({ redis, keys, times });
  onTestFinished(() => close());
  return {
    redis,
    keys,
    /** The moments of so many turns that are all asked for at once. */
    async turns(count: number): Promise<number[]> {
      const all = Array.from({ length: count }, () => ledger.turn("pull", PER_SECOND));
      return (await Promise.all(all)).map(({ now, waitMs }) => now + waitMs);
    },
  };
}
