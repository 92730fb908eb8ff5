import { expect, test } from "vitest";
import { SeriesMeter } from "../../src/desk/series-meter.ts";
import { summed } from "../../src/desk/series.ts";
import { createSeries, SERIES } from "../../src/ledger/series.ts";
import { commandsOf, countedRedis } from "../support/commands.ts";

test("counts of two processes are summed by step, type and source, with one command each", async () => {
  const { redis, anyKeys } = await countedRedis();
  const series = createSeries(redis, anyKeys());
  const [one, two] = [new SeriesMeter(), new SeriesMeter()];
  const about = { source: "tencent-vod", type: "NewFileUpload" };
  for (const meter of [one, two]) {
    meter.count("deliveries", { source: "tencent-vod", verdict: "add" }, 10);
    meter.count("deliveries", { source: "tencent-vod", verdict: "renew" }, 3);
    meter.count("handled", about, 7);
    meter.count("attempts_failed", about);
    meter.count("confirmed", { source: "tencent-vod" }, 6);
    meter.observe("confirm_ms", { source: "tencent-vod" }, 80, ["NewFileUpload"]);
    meter.observe("queue_ms", about, 3);
    meter.observe("linger_ms", about, 12);
    meter.observe("window_used", about, 250);
    meter.observe("pull_ms", { source: "tencent-vod" }, 1_000);
    meter.count("deliveries", { source: "zegocloud", verdict: "add", door: "push" });
    meter.count("deliveries", { source: "zegocloud", verdict: "acknowledge", door: "push" });
    meter.count("deliveries", { source: "zegocloud", verdict: "refuse", door: "push" });
  }
  for (let n = 0; n < 90; n += 1) one.observe("handler_ms", about, 20);
  for (let n = 0; n < 10; n += 1) two.observe("handler_ms", about, 4_000);
  two.count("parked", { source: "alibaba-vod", type: "TranscodeComplete" });

  await series.add(one.take());
  const { sent } = await commandsOf(redis, () => series.add(two.take()));
  expect(sent).toEqual(["evalsha"]);
  expect(await commandsOf(redis, () => series.add(two.take()))).toMatchObject({ sent: [] });

  for (const range of ["15m", "3h", "2d"] as const) {
    const { points, types, sources, receivers, stepMs } = summed(range, await series.read(range));
    expect({ stepMs, steps: points.length }).toEqual({ stepMs: SERIES[range], steps: 60 });
    const sums = points.reduce((sum, point) => ({ in: sum.in + point.in, handled: sum.handled + point.handled }), {
      in: 0,
      handled: 0,
    });
    expect(sums).toEqual({ in: 22, handled: 14 });
    expect(types).toMatchObject([
      { type: "NewFileUpload", handled: 14, failed: 2, parked: 0 },
      { type: "TranscodeComplete", parked: 1 },
    ]);
    expect(types[0]?.handlerMs?.p50).toBeGreaterThanOrEqual(20);
    expect(types[0]?.handlerMs?.p50).toBeLessThan(20 * 1.42);
    expect(types[0]?.handlerMs?.p95).toBeGreaterThanOrEqual(4_000);
    const spreads = {
      queueMs: { p50: 4, p95: 4 },
      lingerMs: { p50: 16, p95: 16 },
      confirmMs: { p50: 91, p95: 91 },
      windowUsed: { p50: 0.256, p95: 0.256 },
    };
    expect(types[0]).toMatchObject(spreads);
    expect(sources.find(({ source }) => source === "tencent-vod")).toMatchObject({
      ...spreads,
      in: 20,
      handled: 14,
      failed: 2,
      confirmed: 12,
      handlerMs: types[0]?.handlerMs,
    });
    expect(receivers).toMatchObject([{ source: "zegocloud", in: 2, answered: 4 }]);
  }
});

test("rates cover the last five full minutes, and a silent source still shows its last event", async () => {
  const counts = { "in source 0 tencent-vod": 10, "handled type 0 NewFileUpload": 4, '["in","source","old"]': 7 };
  const steps = Array.from({ length: 60 }, (_, index) => ({ at: at(index), counts: index < 35 ? {} : counts }));

  const { types, sources, receivers, points } = summed("15m", steps, new Map([["receiver zegocloud", at(0)]]));

  // The current step does not count, nor do steps before these minutes.
  expect(sources).toEqual([expect.objectContaining({ source: "tencent-vod", in: 250, inPerMinute: 40 })]);
  expect(types).toMatchObject([{ handled: 100, handledPerMinute: 16 }]);
  expect(receivers).toMatchObject([{ source: "zegocloud", in: 0, inPerMinute: 0, lastEventAt: at(0) }]);
  expect(points.at(-1)).toMatchObject({ in: 10 });
});

test("the last event of a source is the latest that any process saw", async () => {
  const { redis, anyKeys } = await countedRedis();
  const series = createSeries(redis, anyKeys());
  const counts = new Map([["in source 0 s", 1]]);
  const before = Date.now();
  await series.add({ counts, lastInMs: new Map([["source s", 60_000]]) });
  await series.add({ counts, lastInMs: new Map([["source s", 90_000]]) });
  const seenAt = Date.parse((await series.lastIn()).get("source s") ?? "");
  expect(seenAt).toBeGreaterThan(before - 61_000);
  expect(seenAt).toBeLessThan(Date.now() - 59_000);
});

test("each step of the counts expires, and the number of counted types is limited", async () => {
  const { redis, anyKeys } = await countedRedis();
  const keys = anyKeys();
  const meter = new SeriesMeter();
  for (let n = 0; n < 2_000; n += 1) meter.count("handled", { source: "s", type: `t${n}` });
  const counted = meter.take();
  expect(counted.counts.size).toBe(1_000);
  const series = createSeries(redis, keys);
  await series.add(counted);
  // Another process may count other types. Redis holds a bounded number per step and goes on with the types that it
  // has.
  const others = new Map(Array.from({ length: 2_000 }, (_, n) => [`handled type 0 u${n}`, 1]));
  await series.add({ counts: others, lastInMs: new Map() });
  await series.add(counted);
  const steps = await series.read("2d");
  const all = steps.map(({ counts }) => counts);
  expect(Math.max(...all.map((counts) => Object.keys(counts).length))).toBe(2_000);
  expect(all.reduce((sum, counts) => sum + (counts["handled source 0 s"] ?? 0), 0)).toBe(4_000);
  const found = await redis.keys(keys.shared.series("*"));
  // One step more if one of them has just begun.
  expect([3, 4]).toContain(found.length);
  for (const key of found) expect(await redis.pttl(key)).toBeGreaterThan(0);
});

function at(index: number): string {
  return new Date(Date.UTC(2030, 0, 1) + index * SERIES["15m"]).toISOString();
}
