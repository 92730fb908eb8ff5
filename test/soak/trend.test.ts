import { describe, expect, test } from "vitest";
import { type Allowance, trendOf } from "../../bench/soak/trend.ts";

/** In 7.5 minutes at 500 events/s. */
const EVENTS = 225_000;
const MEMORY: Allowance = { absolute: 1, relative: 0.03 };
const OBJECTS: Allowance = { absolute: 100, relative: 0.02 };

describe("the soak's leak test: memory of 40 MB that jumps up and down by 2 MB", () => {
  test("counts as flat", () => {
    expect(trend(45, (event, noise) => 40 + 2 * noise, MEMORY)).toMatchObject({ grown: false });
  });

  test("counts as grown if 100 bytes of each event stay", () => {
    const { grown, growth } = trend(45, (event, noise) => 40 + 2 * noise + event * 1e-4, MEMORY);

    expect(grown).toBe(true);
    expect(growth).toBeCloseTo(22.5, -1);
  });

  test("counts as grown if it grows in steps", () => {
    expect(trend(45, (event, noise) => 40 + 2 * noise + inSteps(event), MEMORY)).toMatchObject({ grown: true });
  });

  test("counts as flat if it falls", () => {
    expect(trend(45, (event, noise) => 40 + 2 * noise - event * 1e-4, MEMORY)).toMatchObject({ grown: false });
  });

  test("counts as flat with some samples far above the others", () => {
    expect(trend(45, (event, noise) => 40 + 2 * noise + wild(event), MEMORY)).toMatchObject({ grown: false });
  });
});

describe("the soak's leak test: about 300 listeners, give or take 60", () => {
  test("count as flat", () => {
    expect(trend(45, (event, noise) => 300 + 60 * noise, OBJECTS)).toMatchObject({ grown: false });
  });

  test("count as grown if one stays of 1,000 events", () => {
    expect(trend(45, (event, noise) => 300 + 60 * noise + event / 1_000, OBJECTS)).toMatchObject({ grown: true });
  });
});

describe("the soak's leak test: file descriptors that hardly change", () => {
  test("count as flat if one more is opened once", () => {
    const allowance = { absolute: 5, relative: 0 };

    expect(trend(45, (event) => (event > EVENTS / 2 ? 51 : 50), allowance)).toMatchObject({ grown: false });
  });

  test("count as flat at zero", () => {
    expect(trend(45, () => 0, { absolute: 0, relative: 0 })).toMatchObject({
      begin: 0,
      end: 0,
      growth: 0,
      grown: false,
    });
  });
});

function inSteps(event: number): number {
  return 4 * Math.floor((event / EVENTS) * 5);
}

function wild(event: number): number {
  return event > EVENTS * 0.85 ? 30 : 0;
}

/** Noise is from -1 to 1, and the same in each run. */
function trend(samples: number, valueAt: (event: number, noise: number) => number, allowance: Allowance) {
  const points = Array.from({ length: samples }, (_, index) => {
    const at = (EVENTS * index) / (samples - 1);
    return { at, value: valueAt(at, Math.sin(index * 12.9898 + index * index)) };
  });
  return trendOf(points, allowance);
}
