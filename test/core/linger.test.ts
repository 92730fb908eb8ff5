import { describe, expect, test } from "vitest";
import { batchLingerMs, quotaLingerMs } from "../../src/core/linger.ts";

const FREE = { batchSize: 16 };
const BILLED = { batchSize: 16, billsCalls: true } as const;
const shares = Array.from({ length: 1_201 }, (_, index) => index / 1_000);
const paces = Array.from({ length: 3_001 }, (_, perSecond) => perSecond);

describe("the wait of a call depends on the quota that is left:", () => {
  test.each([
    [0, 0],
    [0.5, 0],
    [0.6, 50],
    [0.7, 100],
    [0.9, 200],
    [1, 200],
    [7, 200],
  ])("with %d of the quota used a call waits %d ms", (used, ms) => {
    expect(quotaLingerMs(used)).toBeCloseTo(ms);
    expect(batchLingerMs(FREE, used, 0)).toBeCloseTo(ms);
  });

  test("the wait grows steadily with the used quota", () => {
    const waits = shares.map((used) => quotaLingerMs(used));
    for (const [index, ms] of waits.slice(1).entries()) {
      expect(ms).toBeGreaterThanOrEqual(waits[index] ?? Infinity);
      expect(ms - (waits[index] ?? -Infinity)).toBeLessThanOrEqual(0.51);
    }
  });

  test("no call waits longer than allowed", () => {
    for (const used of shares)
      for (const perSecond of [0, 100, 800, 10_000])
        for (const source of [FREE, BILLED]) expect(batchLingerMs(source, used, perSecond, 30)).toBeLessThanOrEqual(30);
  });
});

test("if the vendor bills each call, a batch waits 200 ms, however much quota is left", () => {
  for (const used of shares)
    for (const perSecond of [0, 100, 800, 10_000]) expect(batchLingerMs(BILLED, used, perSecond)).toBe(200);
});

describe("a batch that fills up", () => {
  test.each([1_000, 2_000, 10_000])("at %d receipts a second waits longer than filling takes", (perSecond) => {
    expect(batchLingerMs(FREE, 0, perSecond)).toBeGreaterThanOrEqual((1.5 * 16_000) / perSecond);
  });

  test.each([1, 100, 400])("too slowly, at %d receipts a second, does not wait", (perSecond) => {
    expect(batchLingerMs(FREE, 0, perSecond)).toBe(0);
  });

  test("waits at most 40 ms, and the wait changes steadily with the rate", () => {
    const waits = paces.map((perSecond) => batchLingerMs(FREE, 0, perSecond));
    for (const [index, ms] of waits.slice(1).entries()) expect(Math.abs(ms - (waits[index] ?? NaN))).toBeLessThan(0.3);
    expect(Math.max(...waits)).toBeLessThanOrEqual(40);
  });
});
