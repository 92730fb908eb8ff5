import type { CounterName, DurationName } from "../../core/meter.ts";

type Described = { readonly help: string; readonly labels: readonly string[] };

/** Every counter: its help text and its labels. */
export const COUNTERS = {
  deliveries: { help: "Deliveries by the inbox's verdict", labels: ["source", "verdict"] },
  callbacks: { help: "Pushed calls by what was answered", labels: ["vendor", "outcome"] },
  handled: { help: "Events whose handler succeeded", labels: ["source", "type"] },
  attempts_failed: { help: "Handler attempts that failed", labels: ["source", "type"] },
  parked: { help: "Events given up after their last attempt", labels: ["source", "type"] },
  dropped: {
    help: "Events confirmed without a successful handler because the operator chose so",
    labels: ["source", "type", "why"],
  },
  confirmed: { help: "Receipts the vendor took", labels: ["source"] },
  receipts_dead: { help: "Receipts the vendor refused alone", labels: ["source"] },
  never_returned: {
    help: "Handled events that did not come back though their confirmation had no answer",
    labels: ["source"],
  },
  calls: { help: "Calls to a vendor", labels: ["source", "action", "outcome"] },
  crashes: { help: "Jobs taken over from a process that ended without finishing them", labels: [] },
  locks_lost: { help: "Jobs whose lock could not be renewed in time", labels: [] },
} as const satisfies Record<CounterName, Described>;

/** Every duration, and the bounds of its buckets. */
export const DURATIONS = {
  handler_ms: {
    help: "Run time of one handler attempt",
    labels: ["source", "type"],
    seconds: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600],
  },
  pull_ms: {
    help: "Time of one pull, the vendor's waiting included",
    labels: ["source"],
    seconds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
  },
  confirm_ms: {
    help: "Time of one confirmation call",
    labels: ["source"],
    seconds: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  },
} as const satisfies Record<DurationName, Described & { seconds: readonly number[] }>;
