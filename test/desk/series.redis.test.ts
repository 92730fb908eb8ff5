import { expect, test } from "vitest";
import { SeriesMeter, summed } from "../../src/desk/series.ts";
import { createSeries, SERIES } from "../../src/ledger/series.ts";
import { commandsOf, countedRedis } from "../support/commands.ts";

test("what two processes counted is summed up by step, type and source, for one command each", async () => {
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
    meter.observe("confirm_ms", { source: "tencent-vod" }, 80);
  }
  for (let n = 0; n < 90; n += 1) one.observe("handler_ms", about, 20);
  for (let n = 0; n < 10; n += 1) two.observe("handler_ms", about, 4_000);
  two.count("parked", { source: "alibaba-vod", type: "TranscodeComplete" });

  await series.add(one.take());
  const { sent } = await commandsOf(redis, () => series.add(two.take()));
  expect(sent).toEqual(["evalsha"]);
  expect(await commandsOf(redis, () => series.add(two.take()))).toMatchObject({ sent: [] });

  for (const range of ["15m", "3h", "2d"] as const) {
    const { points, types, sources, stepMs } = summed(range, await series.read(range));
    expect({ stepMs, steps: points.length }).toEqual({ stepMs: SERIES[range], steps: 60 });
    const sums = points.reduce((sum, point) => ({ in: sum.in + point.in, handled: sum.handled + point.handled }), {
      in: 0,
      handled: 0,
    });
    expect(sums).toEqual({ in: 20, handled: 14 });
    expect(types).toMatchObject([
      { type: "NewFileUpload", handled: 14, failed: 2, parked: 0 },
      { type: "TranscodeComplete", parked: 1 },
    ]);
    expect(types[0]?.handlerMs?.p50).toBeGreaterThanOrEqual(20);
    expect(types[0]?.handlerMs?.p50).toBeLessThan(20 * 1.42);
    expect(types[0]?.handlerMs?.p95).toBeGreaterThanOrEqual(4_000);
    expect(sources.find(({ source }) => source === "tencent-vod")).toMatchObject({ in: 20, confirmed: 12 });
  }
});

test("each step ends by itself, and types without end are counted up to a bound", async () => {
  const { redis, anyKeys } = await countedRedis();
  const keys = anyKeys();
  const meter = new SeriesMeter();
  for (let n = 0; n < 2_000; n += 1) meter.count("handled", { source: "s", type: `t${n}` });
  const counts = meter.take();
  expect(counts.size).toBe(500);
  await createSeries(redis, keys).add(counts);
  const found = await redis.keys(keys.shared.series("*"));
  expect(found).toHaveLength(3);
  for (const key of found) expect(await redis.pttl(key)).toBeGreaterThan(0);
});
