/** Large bodies, and many events that wait, fail or run. Each case has its baseline among the cases. */
import type { Redis } from "ioredis";
import { z } from "zod";
import { segmentsOf } from "../kit/bodies.ts";
import { MB } from "../kit/numbers.ts";
import type { Part } from "../kit/part.ts";
import { cell } from "../kit/table.ts";
import { KEYS, takeIn } from "../kit/take-in.ts";
import { until } from "../kit/until.ts";
import type { VendorTerms } from "../kit/vendor.ts";
import type { Mix } from "./beside.ts";

export type LargeSizes = {
  readonly parked: number;
  readonly owed: number;
  readonly held: number;
  readonly heldS: number;
  /** The window after which some of the parked events are delivered again. */
  readonly returnS: number;
};

type Fate = keyof typeof STATIONS;

export type LargeCase = {
  readonly name: string;
  readonly door: NonNullable<VendorTerms["door"]>;
  readonly windowMs?: number;
  /** Odd events among the ordinary ones. */
  readonly mix?: Mix;
  /** Odd events that are there before the ordinary ones. */
  readonly before?: {
    readonly count: number;
    readonly fate: Fate;
    /** The window after which they are delivered again. */
    readonly returnS?: number;
    readonly bring: (of: BringOptions) => Promise<void>;
  };
};

type BringOptions = { readonly simulator: Part; readonly redis: Redis; readonly signal: AbortSignal };

/** Long enough that no event is delivered again. */
const HOUR_MS = 3_600_000;
const LOOK_MS = 100;
/** Parked events that the worker still calls healthy: a quarter of what the vendor's quota allows. */
const RETURNING_SHARE = 0.12;
/** Of the events that wait for another attempt, `MAX_WAITING` allows a million. So one in ten is parked instead. */
const PARKS_EVERY = 10;
const OWED_BODY = { MetaData: "x".repeat(1_500), Odd: true };

/** The lists of the queue in which the events end up. */
const STATIONS = { parks: ["failed"], owed: ["delayed", "failed"], holds: ["active"] } as const;

export function casesOf({ parked, owed, held, heldS, returnS }: LargeSizes): readonly LargeCase[] {
  const tencent = { door: "tencent-vod" } as const;
  const returning = Math.ceil(parked * RETURNING_SHARE);
  const handlers = { name: `${cell([held])} handlers of ${heldS} s`, before: { count: held, fate: "holds" } } as const;
  const bringHeld = (of: BringOptions): Promise<void> => publishOdd(of, held);
  return [
    { ...tencent, name: "nothing" },
    { ...tencent, name: "1 in 20 of 64 KB", mix: { oddEvery: 20, oddBytes: 64 * 1_024 } },
    { ...tencent, name: "1 in 200 of 1 MB", mix: { oddEvery: 200, oddBytes: MB } },
    {
      ...tencent,
      name: `${cell([parked])} parked`,
      windowMs: HOUR_MS,
      before: { count: parked, fate: "parks", bring: (of) => publishOdd(of, parked) },
    },
    {
      ...tencent,
      name: `${cell([returning])} parked, again every ${returnS} s`,
      windowMs: 1_000 * returnS,
      before: {
        count: returning,
        fate: "parks",
        returnS,
        // Spread over a window, so that they come back just as evenly.
        bring: ({ simulator }) =>
          simulator.ask("pace", { perSecond: returning / returnS, seconds: returnS, oddEvery: 1 }, z.undefined()),
      },
    },
    {
      ...tencent,
      name: `${cell([owed])} unconfirmed`,
      windowMs: HOUR_MS,
      before: {
        count: owed,
        fate: "owed",
        bring: ({ redis, signal }) =>
          takeIn(redis, owed, (number) => ({ ...OWED_BODY, Parks: number % PARKS_EVERY === 0 }), signal),
      },
    },
    { ...tencent, ...handlers, before: { ...handlers.before, bring: bringHeld } },
    { door: "aws-sqs", name: "nothing, SQS" },
    {
      ...handlers,
      door: "aws-sqs",
      name: `${handlers.name}, SQS`,
      before: { ...handlers.before, bring: bringHeld },
    },
  ];
}

export function baselineOf<C extends LargeCase>({ door }: LargeCase, all: readonly C[]): C | undefined {
  return all.find((one) => one.door === door && !one.mix && !one.before);
}

/** Brings the odd events, and waits until each has met its fate. */
export async function bringOdd({ before }: LargeCase, of: BringOptions): Promise<void> {
  if (!before) return;
  const { count, fate, bring } = before;
  const { queue } = KEYS.keysOf("");
  const sizeOf = (list: string): Promise<number> =>
    list === "active" ? of.redis.llen(queue(list)) : of.redis.zcard(queue(list));
  await bring(of);
  await until(
    async () => {
      const sizes = await Promise.all(STATIONS[fate].map(sizeOf));
      return sizes.reduce((sum, size) => sum + size, 0) >= count;
    },
    LOOK_MS,
    of.signal,
  );
}

/** Takes in a few events with bodies of this size. */
export async function takeInLarge(redis: Redis, count: number, bytes: number, signal: AbortSignal): Promise<void> {
  await takeIn(redis, count, () => ({ Segments: segmentsOf(bytes) }), signal);
}

function publishOdd({ simulator }: BringOptions, count: number): Promise<void> {
  return simulator.ask("publishOdd", { count, oddEvery: 1 }, z.undefined());
}
