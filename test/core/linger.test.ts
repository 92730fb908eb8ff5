import { describe, expect, test } from "vitest";
import { batchLingerMs, quotaLingerMs } from "../../src/core/linger.ts";

const FREE = { batchSize: 16 };
const BILLED = { batchSize: 16, billsCalls: true } as const;
const shares = Array.from({ length: 1_201 }, (_, index) => index / 1_000);
const paces = Array.from({ length: 3_001 }, (_, perSecond) => perSecond);

describe("the quota that is left decides", () => {
  test.each([
    [0, 0],
    [0.5, 0],
    [0.6, 50],
    [0.7, 100],
    [0.9, 200],
    [1, 200],
    [7, 200],
  ])("with %d of it used a call waits %d ms", (used, ms) => {
    expect(quotaLingerMs(used)).toBeCloseTo(ms);
    expect(batchLingerMs(FREE, used, 0)).toBeCloseTo(ms);
  });

  test("without a step, and never for less when more is used", () => {
    const waits = shares.map((used) => quotaLingerMs(used));
    for (const [index, ms] of waits.slice(1).entries()) {
      expect(ms).toBeGreaterThanOrEqual(waits[index] ?? Infinity);
      expect(ms - (waits[index] ?? -Infinity)).toBeLessThanOrEqual(0.51);
    }
  });

  test("and nobody waits longer than was allowed", () => {
    for (const used of shares)
      for (const perSecond of [0, 100, 800, 10_000])
        for (const source of [FREE, BILLED]) expect(batchLingerMs(source, used, perSecond, 30)).toBeLessThanOrEqual(30);
  });
});

test("where each call is billed a batch waits, however much of the quota is left", () => {
  for (const used of shares)
    for (const perSecond of [0, 100, 800, 10_000]) expect(batchLingerMs(BILLED, used, perSecond)).toBe(200);
});

describe("a batch that fills by itself", () => {
  test.each([1_000, 2_000, 10_000])("at %d receipts a second is waited for longer than it takes", (perSecond) => {
    expect(batchLingerMs(FREE, 0, perSecond)).toBeGreaterThanOrEqual((1.5 * 16_000) / perSecond);
  });

  test.each([1, 100, 400])("too late, at %d a second, is not waited for", (perSecond) => {
    expect(batchLingerMs(FREE, 0, perSecond)).toBe(0);
  });

  test("is waited for without a step, and for 40 ms at the most", () => {
    const waits = paces.map((perSecond) => batchLingerMs(FREE, 0, perSecond));
    for (const [index, ms] of waits.slice(1).entries()) expect(Math.abs(ms - (waits[index] ?? NaN))).toBeLessThan(0.3);
    expect(Math.max(...waits)).toBeLessThanOrEqual(40);
  });
});
