/**
 * Sets how many cases each property gets, and reports on each run. `HOSTILE_RUNS` is the number of all cases together.
 * The seed is fixed, so that a run fails only because of a change and never by chance.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Arbitrary, asyncProperty, check, defaultReportMessage } from "fast-check";
import { expect } from "vitest";

const LONG = process.env["HOSTILE_RUNS"] !== undefined;
const RUNS = Number(process.env["HOSTILE_RUNS"] ?? 1_000);
const SEED = Number(process.env["HOSTILE_SEED"] ?? 1);

/** Shares of a hundred cases. A call to a parser takes microseconds, and a call through a socket takes a millisecond. */
const SHARES = {
  "tencent-vod receiver": 12,
  "alibaba-vod receiver": 10,
  "zegocloud receiver": 12,
  "one event by two doors": 4,
  "tencent-vod source": 5,
  "alibaba-vod source": 5,
  "aws-mediaconvert source": 5,
  XML: 6,
  views: 10,
  fingerprints: 4,
  "signed addresses": 4,
  environment: 5,
  "callback doors": 9,
  "callback doors on Redis": 1,
  "pages to strangers": 4,
  "pages to the operator": 4,
} as const satisfies Record<string, number>;

export type Property = keyof typeof SHARES;

/** The timeout of a test that calls `holds`. */
export const TIMEOUT = { timeout: LONG ? 1_800_000 : 60_000 };

/** Even on a busy machine every case is far faster. A slower case hangs, or needs more than linear time. */
const HANG_MS = 15_000;
/**
 * The allowed heap growth of a run after garbage collection. Caches and compiled code grow regardless of the number of
 * cases.
 */
const MOST_LEFT_BYTES = 48 * 1024 * 1024;
/** Limits the report, since a case may hold a megabyte. */
const MOST_CHARACTERS = 3_000;

let slowestMs = 0;

/** Measures the code under test without the checks, so that a run can report its slowest time. */
export function timed<R>(tried: () => R): R {
  const started = performance.now();
  try {
    return tried();
  } finally {
    slowestMs = Math.max(slowestMs, performance.now() - started);
  }
}

/** Fails if `claim` throws, hangs, pollutes prototypes or leaks in any case. The examples run first. */
export async function holds<T>(
  name: Property,
  cases: Arbitrary<T>,
  claim: (one: T) => void | Promise<void>,
  examples: readonly T[] = [],
): Promise<void> {
  const numRuns = examples.length + Math.ceil((RUNS * SHARES[name]) / 100);
  const inherited = inheritedNames();
  const heapBefore = heapBytes();
  const started = performance.now();
  slowestMs = 0;
  let slowestCaseMs = 0;
  const property = asyncProperty(cases, async (one) => {
    const at = performance.now();
    await claim(one);
    slowestCaseMs = Math.max(slowestCaseMs, performance.now() - at);
    expect(slowestCaseMs, "how long a case takes").toBeLessThan(HANG_MS);
    expect(inheritedNames(), "what all objects inherit").toBe(inherited);
  });
  const details = await check(property, { numRuns, seed: SEED, examples: examples.map((one) => [one]) });
  if (details.failed) throw new Error(reportOf(name, defaultReportMessage(details)), { cause: details.errorInstance });
  const heapAfter = heapBytes();
  if (LONG) {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const heap = [heapBefore, heapAfter].map((bytes) => Math.round(bytes / 1024 ** 2)).join(" to ");
    console.log(
      `${name}: ${numRuns} cases in ${seconds} s, slowest ${(slowestMs || slowestCaseMs).toFixed(1)} ms, heap ${heap} MiB`,
    );
  }
  expect(heapAfter - heapBefore, "bytes left on the heap").toBeLessThan(MOST_LEFT_BYTES);
}

function reportOf(name: Property, said: string | undefined): string {
  const again = `HOSTILE_RUNS=${RUNS} HOSTILE_SEED=${SEED}`;
  return `${name} does not hold (again with ${again}): ${said?.slice(0, MOST_CHARACTERS)}`;
}

function inheritedNames(): string {
  return [Object.prototype, Array.prototype, Function.prototype].map((one) => Reflect.ownKeys(one).length).join();
}

function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
  return process.memoryUsage().heapUsed;
}
