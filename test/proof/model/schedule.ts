/** The troubles and their times, as plain data. A failed schedule can be kept and played again. */
import { array, constant, constantFrom, integer, nat, oneof, record, type Arbitrary } from "fast-check";

import type { BatchTerms, LimitTerms } from "../../../src/core/limits.ts";

/** Receipts that count. `strict`: only the newest, inside its window. `lenient`: all. `same`: there is only one. */
type Receipts = "strict" | "lenient" | "same";

export type StoreCall =
  | "place"
  | "turn"
  | "accept"
  | "quiet"
  | "mark"
  | "ran"
  | "note-success"
  | "succeeded-in"
  | "settle"
  | "held"
  | "extending"
  | "extend"
  | "take"
  | "end"
  | "discard"
  | "end-handled"
  | "crashes"
  | "claim-step"
  | "keep-step"
  | "gate-enter"
  | "gate-leave"
  | "gate-end"
  | "gate-look";
/** A `delivery` is the answer to a pull that brings events. */
export type VendorCall = "pull" | "delivery" | "confirm" | "extend";

/** The fate of a single call, the `nth` with its name. */
export type StoreMishap = {
  readonly call: StoreCall;
  readonly nth: number;
  /** `late`: a late effect. `slow`: a late answer. `twice`: a lost answer, so a resend. `restart`: the store leaves after it. */
  readonly fate: "crash before" | "crash after" | "fails" | "late" | "slow" | "twice" | "restart";
  readonly ms: number;
};

export type VendorMishap = {
  readonly call: VendorCall;
  readonly nth: number;
  /** `lost`: lost on its way. `unheard`: its answer is lost. `empty`: an empty answer at once, despite waiting events. */
  readonly fate: "crash before" | "crash after" | "lost" | "unheard" | "limit" | "slow" | "empty";
  readonly ms: number;
};

/** A trouble for all calls, from `at` on. */
export type Trouble =
  | { readonly what: "crash" | "stop"; readonly at: number; readonly replica: number }
  /** `hasty`: the vendor shows nothing and does not wait. `limit`: it refuses. `outage`: it is away. `jump`: the store's clock. */
  | { readonly what: "restart" | "jump" | "outage" | "limit" | "hasty"; readonly at: number; readonly ms: number }
  | { readonly what: "empty"; readonly at: number }
  /** An operator's action on one of the jobs, on a replica's pages. */
  | {
      readonly what: "retry" | "remove" | "discard" | "end";
      readonly at: number;
      readonly nth: number;
      readonly replica: number;
    };

export type Schedule = {
  readonly seed: number;
  readonly receipts: Receipts;
  /** The vendor's reply to a dead receipt in a confirmation: it refuses the whole call, or only that receipt by name. */
  readonly refuses: "the call" | "by name";
  /** Whether the vendor lets a window be prolonged. */
  readonly prolongs: boolean;
  /** The longest time to the vendor or back. */
  readonly latencyMs: number;
  readonly parked: "hold" | "confirm";
  readonly replicas: number;
  readonly maxWaiting: number;
  /** After this many crashes in a row an event runs alone. If missing, it never does. */
  readonly maxCrashes?: number;
  /** The limits of the only handler. If missing, there are none. */
  readonly limits?: (LimitTerms & { readonly isOrdered: boolean; readonly batch?: BatchTerms }) | undefined;
  readonly happenings: readonly { readonly at: number; readonly body: string }[];
  /** The outcomes of handlers in the order of their starts, repeated, and the number of their steps. */
  readonly runs: readonly {
    readonly ms: number;
    readonly end: "ok" | "fails" | "fails for good" | "asks for time";
    readonly steps?: number;
  }[];
  /** Whether the sink takes an event, repeated. If missing, it always does. */
  readonly sinks?: readonly boolean[];
  readonly storeMishaps: readonly StoreMishap[];
  readonly vendorMishaps: readonly VendorMishap[];
  readonly troubles: readonly Trouble[];
};

/** Troubles end at this time. */
export const CHAOS_MS = 240_000;

const happening = record({
  at: nat(CHAOS_MS - 30_000),
  body: oneof(
    { weight: 6, arbitrary: constantFrom("one of many", "another of many") },
    { weight: 4, arbitrary: nat().map((n) => `unique ${n}`) },
  ),
});

const steps = constantFrom(0, 0, 1, 2);

const run = oneof(
  { weight: 10, arbitrary: record({ ms: nat(2_000), end: constantFrom("ok" as const), steps }) },
  { weight: 4, arbitrary: record({ ms: nat(110_000), end: constantFrom("ok" as const), steps }) },
  {
    weight: 3,
    arbitrary: record({
      ms: nat(20_000),
      end: constantFrom("fails" as const, "fails" as const, "fails for good" as const, "asks for time" as const),
      steps,
    }),
  },
);

const storeMishap: Arbitrary<StoreMishap> = record({
  call: constantFrom<StoreCall[]>(
    "accept",
    "accept",
    "quiet",
    "mark",
    "mark",
    "mark",
    "ran",
    "note-success",
    "succeeded-in",
    "settle",
    "settle",
    "extending",
    "extend",
    "extend",
    "take",
    "end",
    "discard",
    "crashes",
    "claim-step",
    "keep-step",
    "keep-step",
    "gate-enter",
    "gate-leave",
    "gate-end",
  ),
  nth: nat(30),
  fate: constantFrom("crash before", "crash after", "fails", "late", "slow", "twice", "restart"),
  ms: nat(30_000),
});

const vendorMishap: Arbitrary<VendorMishap> = oneof(
  record({
    call: constantFrom("pull" as const),
    nth: nat(60),
    fate: constantFrom("crash before" as const, "lost" as const, "limit" as const, "empty" as const),
    ms: nat(60_000),
  }),
  record({
    call: constantFrom("delivery" as const),
    nth: nat(20),
    fate: constantFrom("crash after" as const, "unheard" as const, "slow" as const),
    ms: nat(60_000),
  }),
  record({
    call: constantFrom("confirm" as const, "confirm" as const, "extend" as const),
    nth: nat(30),
    fate: constantFrom<VendorMishap["fate"][]>(
      "crash before",
      "crash after",
      "lost",
      "unheard",
      "unheard",
      "limit",
      "slow",
    ),
    ms: nat(60_000),
  }),
);

const at = nat(CHAOS_MS);
const common: Arbitrary<Trouble> = oneof(
  record({ what: constantFrom("crash" as const, "stop" as const), at, replica: nat(2) }),
  record({ what: constantFrom("restart" as const), at, ms: nat(30_000) }),
  record({ what: constantFrom("outage" as const, "limit" as const, "hasty" as const), at, ms: nat(60_000) }),
  record({
    what: constantFrom("retry" as const, "remove" as const, "discard" as const, "end" as const),
    at,
    nth: nat(20),
    replica: nat(2),
  }),
);
/** Troubles that break the conditions of the promises. */
const shaking: Arbitrary<Trouble> = oneof(
  record({ what: constantFrom("empty" as const), at }),
  record({ what: constantFrom("jump" as const), at, ms: integer({ min: -120_000, max: 120_000 }) }),
);

const limits = record(
  {
    concurrency: constantFrom(1, 2, 3),
    isOrdered: constantFrom(false, true),
    afterParked: constantFrom("goes on" as const, "goes on" as const, "holds" as const),
    perSecond: constantFrom(0.4, 1, 5),
  },
  { requiredKeys: ["concurrency", "isOrdered", "afterParked"] },
);

/** Long lingers, so that crashes hit events that wait for their batch. */
const batches = record({
  concurrency: constantFrom(1, 3, 8),
  isOrdered: constant(false),
  batch: record({ size: constantFrom(2, 3, 8), lingerMs: constantFrom(300, 5_000, 20_000) }),
});

const any = { size: "max" } as const;

/** With `shaken` the store may be emptied and its clock may jump, which causes second runs. */
export function schedules(ground: "firm" | "shaken"): Arbitrary<Schedule> {
  const troubles =
    ground === "firm" ? common : oneof({ weight: 3, arbitrary: common }, { weight: 2, arbitrary: shaking });
  return record({
    seed: integer(),
    receipts: constantFrom("strict" as const, "lenient" as const, "same" as const),
    refuses: constantFrom("the call" as const, "by name" as const),
    prolongs: constantFrom(false, true),
    latencyMs: constantFrom(50, 300, 2_400),
    parked: constantFrom("hold" as const, "hold" as const, "hold" as const, "confirm" as const),
    replicas: constantFrom(1, 2, 2, 3),
    maxWaiting: constantFrom(1_000, 1_000, 3),
    maxCrashes: constantFrom(1, 1, 2),
    limits: oneof(
      { weight: 3, arbitrary: constant(undefined) },
      { weight: 2, arbitrary: limits },
      { weight: 1, arbitrary: batches },
    ),
    happenings: array(happening, { minLength: 1, maxLength: 40, ...any }),
    runs: array(run, { minLength: 1, maxLength: 40, ...any }),
    storeMishaps: array(storeMishap, { maxLength: 24, ...any }),
    vendorMishaps: array(vendorMishap, { maxLength: 20, ...any }),
    troubles: array(troubles, { maxLength: 8, ...any }),
    sinks: array(constantFrom(true, true, true, false), { minLength: 1, maxLength: 20, ...any }),
  });
}
