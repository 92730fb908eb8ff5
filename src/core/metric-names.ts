/**
 * Every metric, with its help text and labels. Each name gets the prefix `reliable_callback_`, and a counter the suffix
 * `_total`.
 */
type Described = { readonly help: string; readonly labels: readonly string[] };

/** Counted in the flow. */
export const COUNTERS = {
  deliveries: { help: "Deliveries by the inbox's verdict, and why it skipped", labels: ["source", "verdict", "why"] },
  callbacks: { help: "Pushed calls by what was answered", labels: ["vendor", "outcome"] },
  handled: { help: "Events whose handler succeeded", labels: ["source", "type"] },
  attempts_failed: { help: "Handler attempts that failed", labels: ["source", "type"] },
  stray_rejections: {
    help: "Promises that a handler did not wait for and that were rejected",
    labels: ["source", "type"],
  },
  parked: { help: "Events given up after their last attempt", labels: ["source", "type"] },
  dropped: {
    help: "Events confirmed without a successful handler, or ended without a confirmation, because the operator chose so",
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
  redis_data_lost: {
    help: "Times that Redis came back with older data or none; counted by the replica that found it",
    labels: [],
  },
  worker_rebuilt: {
    help: "Times that jobs waited and none started, so that the connections to Redis were rebuilt",
    labels: [],
  },
  locks_lost: { help: "Jobs whose lock could not be renewed in time", labels: [] },
} as const satisfies Record<string, Described>;

/** Measured in the flow, with the bounds of their buckets: times in ms, shares in thousandths. */
export const DURATIONS = {
  queue_ms: {
    help: "Time from an event's taking in to the start of its first attempt",
    labels: ["source", "type"],
    seconds: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600],
  },
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
  canary_start_ms: {
    help: "Time from the queue's taking a canary in to its start, once a minute over all replicas",
    labels: [],
    seconds: [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300, 1_800],
  },
  canary_done_ms: {
    help: "Time from adding a canary to the queue until its end is stored",
    labels: [],
    seconds: [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300, 1_800],
  },
  linger_ms: {
    help: "Time from an event's success to the start of the call that confirms it",
    labels: ["source", "type"],
    seconds: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 5, 15],
  },
  confirm_ms: {
    help: "Time of one confirmation call",
    labels: ["source"],
    seconds: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  },
  window_used: {
    help: "Share of the confirm window since the last delivery that was over when the vendor took the receipt",
    labels: ["source", "type"],
    seconds: [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1],
  },
} as const satisfies Record<string, Described & { seconds: readonly number[] }>;

/** Read from the status at each scrape. */
export const GAUGES = {
  ready: { help: "1 while nothing keeps this process from making progress", labels: [] },
  state: { help: "1 for how this process stands: ready, attention or not-ready", labels: ["state"] },
  problem: { help: "1 while this problem counts", labels: ["code"] },
  redis_reachable: { help: "1 while Redis answers", labels: [] },
  build_info: { help: "Always 1; the label says which version runs", labels: ["version"] },
  queue_events: { help: "Events in the queue by state", labels: ["state"] },
  queue_paused: { help: "1 while an operator holds the queue", labels: [] },
  queue_max_waiting: { help: "Beyond this many that wait, callbacks aside, new events stay at the vendor", labels: [] },
  limit_held: { help: "Events that wait for the limits of their handler, over all replicas", labels: ["handler"] },
  limit_placed: { help: "Events with a place under those limits: they run, or are about to", labels: ["handler"] },
  limit_max_held: {
    help: "Beyond this many held ones new events of the handler are not taken in",
    labels: ["handler"],
  },
  callbacks_waiting: { help: "Events of callbacks that are not handled yet, parked ones too", labels: [] },
  callbacks_waiting_bytes: { help: "Bytes of their bodies", labels: [] },
  callbacks_max_waiting: { help: "Beyond this many callbacks are answered 503", labels: [] },
  callbacks_max_waiting_bytes: { help: "Beyond these bytes callbacks are answered 503", labels: [] },
  source_unconfirmed: { help: "Events taken in and not yet confirmed", labels: ["source"] },
  source_handled: { help: "Handled events that are not yet confirmed", labels: ["source"] },
  source_forgotten: { help: "Events whose vendor has forgotten them, and whose jobs are not done", labels: ["source"] },
  source_oldest_unconfirmed_seconds: { help: "Age of the oldest unconfirmed event", labels: ["source"] },
  source_retention_seconds: { help: "How long the vendor keeps an unconfirmed event", labels: ["source"] },
  source_backlog: { help: "The vendor's own count of waiting events", labels: ["source"] },
  source_last_pull_age_seconds: { help: "Time since the vendor last answered a pull", labels: ["source"] },
  source_failing: { help: "1 while pulls of this source fail", labels: ["source"] },
} as const satisfies Record<string, Described>;

export type CounterName = keyof typeof COUNTERS;
export type DurationName = keyof typeof DURATIONS;
export type GaugeName = keyof typeof GAUGES;
