import type { Schedule } from "./schedule.ts";

const CALM: Schedule = {
  seed: 1,
  receipts: "strict",
  refuses: "the call",
  prolongs: false,
  latencyMs: 50,
  parked: "hold",
  replicas: 1,
  maxWaiting: 1_000,
  happenings: [{ at: 1_000, body: "one of many" }],
  runs: [{ ms: 5_000, end: "ok" }],
  storeMishaps: [],
  vendorMishaps: [],
  troubles: [],
};

type Seed = { readonly name: string; readonly schedule: Schedule; readonly runs: number };

/** Schedules that once broke a promise, reduced to the essential part. `runs`: how often handlers must succeed. */
export const SEEDS: readonly Seed[] = [
  {
    name: "a process that was told to stop while it waited for the store starts no handler when that is back",
    schedule: {
      ...CALM,
      storeMishaps: [{ call: "ran", nth: 0, fate: "restart", ms: 18_000 }],
      troubles: [
        { what: "crash", at: 2_000, replica: 0 },
        { what: "stop", at: 20_000, replica: 0 },
      ],
    },
    runs: 1,
  },
  {
    name: "an event pulled before the store heard of its twin's confirmation has a run of its own",
    schedule: {
      ...CALM,
      happenings: [
        { at: 1_000, body: "one of many" },
        { at: 35_600, body: "one of many" },
      ],
      runs: [{ ms: 27_800, end: "ok" }],
      storeMishaps: [{ call: "settle", nth: 0, fate: "late", ms: 7_900 }],
      vendorMishaps: [{ call: "delivery", nth: 1, fate: "slow", ms: 600 }],
    },
    runs: 2,
  },
  {
    name: "an event that happens while a confirmed one is retried has a run of its own",
    schedule: {
      ...CALM,
      parked: "confirm",
      happenings: [
        { at: 1_000, body: "one of many" },
        { at: 110_000, body: "one of many" },
      ],
      runs: [
        { ms: 100, end: "fails for good" },
        { ms: 20_000, end: "ok" },
      ],
      troubles: [{ what: "retry", at: 100_000, nth: 0, replica: 0 }],
    },
    runs: 2,
  },
  {
    name: "a run whose lock was lost does not pay for an event that happened after another run had ended its own",
    schedule: {
      ...CALM,
      seed: 2,
      replicas: 2,
      happenings: [
        { at: 1_000, body: "one of many" },
        { at: 60_000, body: "one of many" },
      ],
      runs: [
        { ms: 80_000, end: "ok" },
        { ms: 500, end: "ok" },
      ],
      troubles: [{ what: "restart", at: 10_000, ms: 12_000 }],
    },
    runs: 3,
  },
  {
    name: "an event that happens after a confirmation was asked for twice has a run of its own",
    schedule: {
      ...CALM,
      happenings: [
        { at: 1_000, body: "one of many" },
        { at: 4_000, body: "one of many" },
      ],
      runs: [{ ms: 500, end: "ok" }],
      vendorMishaps: [{ call: "confirm", nth: 0, fate: "unheard", ms: 0 }],
      troubles: [{ what: "discard", at: 2_500, nth: 0, replica: 0 }],
    },
    runs: 2,
  },
  {
    name: "so has one that happens after two replicas asked for the confirmation",
    schedule: {
      ...CALM,
      replicas: 2,
      happenings: [
        { at: 1_000, body: "one of many" },
        { at: 4_000, body: "one of many" },
      ],
      runs: [{ ms: 500, end: "ok" }],
      vendorMishaps: [{ call: "confirm", nth: 0, fate: "unheard", ms: 0 }],
      troubles: [
        { what: "discard", at: 2_500, nth: 0, replica: 0 },
        { what: "discard", at: 2_500, nth: 0, replica: 1 },
      ],
    },
    runs: 2,
  },
  {
    name: "an event that comes back under its id while the answer to its lost success is under way is confirmed by that run",
    schedule: {
      ...CALM,
      receipts: "same",
      runs: [{ ms: 27_000, end: "ok" }],
      storeMishaps: [{ call: "mark", nth: 0, fate: "slow", ms: 7_900 }],
      troubles: [{ what: "empty", at: 3_000 }],
    },
    runs: 1,
  },
  {
    name: "a job that comes to a process after it was told to stop runs elsewhere",
    schedule: {
      ...CALM,
      storeMishaps: [{ call: "take", nth: 1, fate: "slow", ms: 5_000 }],
      troubles: [{ what: "stop", at: 3_000, replica: 0 }],
    },
    runs: 1,
  },
];
