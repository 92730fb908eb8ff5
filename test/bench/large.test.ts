import { expect, test } from "vitest";
import { segmentsOf } from "../../bench/kit/bodies.ts";
import type { Large } from "../../bench/rows/large.ts";
import { figuresOf, sectionsOf } from "../../bench/rows/large-report.ts";

test("a body has the bytes that are asked for", () => {
  // The brackets, and no comma after the last segment.
  expect(JSON.stringify(segmentsOf(64 * 1_024))).toHaveLength(64 * 1_024 + 1);
});

test("large and slow things are compared with nothing at the same door, and the cost of large bodies is told apart", () => {
  const found = [
    largeOf({ name: "nothing", door: "tencent-vod" }, 10),
    largeOf({ name: "large bodies", door: "tencent-vod", mix: { oddEvery: 10, oddBytes: 1 } }, 20),
    largeOf({ name: "nothing, SQS", door: "aws-sqs" }, 40),
    largeOf({ name: "parked", door: "aws-sqs", before: { count: 5, fate: "parks", bring: async () => {} } }, 50),
  ];

  expect(figuresOf(found)).toEqual([
    ["events/s beside large bodies, against none", "higher", [0.5]],
    ["ms to confirmed, p50, beside large bodies, against none", "lower", [2]],
    ["events/s beside parked, against none", "higher", [0.8]],
    ["ms to confirmed, p50, beside parked, against none", "lower", [1.25]],
    ["CPU beside parked, against none", "lower", [expect.closeTo(1.25)]],
  ]);
  const [ordinary, odd] = sectionsOf(found, { few: 90, latencyS: 1, idleS: 1 });
  expect(ordinary?.table).toMatch(/^parked +2 +0\.80 +555\.556 +555\.556 +1\.25 /m);
  // 40 s of CPU instead of 20, for ten large bodies beside ninety others.
  expect(odd?.table).toMatch(/^large bodies +2,000\.00 /m);
});

/** Ninety ordinary events that took so many seconds, and as many of CPU in the process and in Redis. */
function largeOf(one: Pick<Large, "name" | "door" | "mix" | "before">, seconds: number): Large {
  const quantiles = { p50: seconds, p95: seconds, p99: seconds };
  return {
    ...one,
    beside: {
      events: 90,
      seconds,
      processSeconds: seconds,
      redisSeconds: seconds,
      startedAfterMs: quantiles,
      confirmedAfterMs: quantiles,
    },
    broughtS: 0,
    idle: { process: 0, redis: 0, deliveriesPerSecond: 0 },
    worker: { cpuSeconds: 0, peakRssBytes: 0, rssBytes: 0, heapBytes: 0 },
  };
}
