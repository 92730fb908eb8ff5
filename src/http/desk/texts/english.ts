import type { AtVendor, EVENT_STATES } from "../../../core/event-states.ts";
import type { HealthState } from "../../../core/health.ts";
import type { ProblemCode } from "../../../core/problems.ts";
import type { DeskEvent, EventWithLife } from "../../../desk/contract.ts";
import { createFormat } from "./format.ts";
import type { Notice } from "./notices.ts";

type EventState = (typeof EVENT_STATES)[number];

const format = createFormat("en", " ");
const { number: n, duration } = format;
const events = (count: number) => (count === 1 ? "1 event" : `${n(count)} events`);

const health: Readonly<Record<HealthState, string>> = {
  ready: "Ready",
  attention: "Ready, and something needs attention",
  "not-ready": "Not ready",
};
const healthBrief: Readonly<Record<HealthState, string>> = {
  ready: "ready",
  attention: "attention",
  "not-ready": "not ready",
};
const states: Readonly<Record<EventState, string>> = {
  waiting: "waiting",
  running: "running",
  delayed: "delayed",
  parked: "parked",
  handled: "handled",
  confirmed: "confirmed",
  discarded: "discarded",
};
const atVendor: Readonly<Record<AtVendor, string>> = {
  unconfirmed: "unconfirmed at the vendor",
  due: "its confirmation is due",
  confirmed: "confirmed already",
  forgotten: "the vendor has forgotten it",
  told: "pushed: confirmed by the answer 200",
};

const notices: Readonly<Record<Notice, string>> = {
  "group-runs": "Nothing was started: this group is already being retried.",
  retried: "The event gets another attempt.",
  "not-parked": "Nothing was retried: the event is not parked, or not any more.",
  discarded: "The event is given up, and confirmed to its vendor if it still waits.",
  ended: "The event counts as confirmed. If its vendor still has it, it comes back and runs again.",
  "not-handled": "Nothing was ended: the event is not handled, or it is confirmed by now.",
  "not-open": "Nothing was discarded: the event is not open any more, or it is running now.",
};

const lifeKinds: Readonly<Record<EventWithLife["life"][number]["what"], string>> = {
  delivered: "Delivered",
  attempt: "Attempt",
  confirming: "Confirmation",
  action: "Action",
};
const doorKinds: Readonly<Record<DeskEvent["door"], string>> = { pull: "pulled", push: "pushed" };

const texts = {
  skip: "Skip to the content",
  pages: "Pages",
  desk: "Desk",
  dashboard: "Dashboard",
  findLabel: "Find events",
  findHint: "id, file, task, type, error text, state:parked older:1h",
  find: "Find",
  asOf: (clock: string) => `As of ${clock}`,
  stale: "The worker does not answer: this page is out of date.",
  noAnswer: "NO ANSWER",
  unreadable: "This cannot be read at the moment: is Redis away?",

  health,
  healthBrief,
  states,
  atVendor,
  /** Shown before the worker's own words in other languages. Those words are English, so nothing is needed here. */
  problemTitle: (_code: ProblemCode): string | undefined => undefined,
  lastsFor: (ms: number) => `for ${duration(ms)}`,
  ago: (ms: number) => `${duration(ms)} ago`,
  never: "never",
  none: "none",
  unknown: "?",
  started: (ms: number) => `started ${duration(ms)} ago`,
  staysAtVendor: (waiting: number, limit: number) =>
    `${events(waiting)} wait, the limit is ${n(limit)}: new ones stay at the vendor.`,

  counts: "Events by state",
  doors: "Sources and callbacks",
  noSources: "This process pulls from no source.",
  source: "Source",
  lastPull: "Last pull",
  inRate: "In",
  confirmedRate: "Confirmed",
  perMinute: (count: string) => `${count}/min`,
  perSecond: (count: string) => `${count}/s`,
  lastEvent: "Last event",
  open: "Open",
  handledCount: (count: number) => `${n(count)} handled, to be confirmed`,
  backlog: "At the vendor",
  oldest: "Oldest event, and the vendor's retention",
  oldestPushed: (age: string) => `${age} old; confirmed by the answer 200`,
  left: (leftMs: number, ageMs: number) => `oldest is ${duration(ageMs)} old, ${duration(leftMs)} left`,
  forgotten: (count: number, ms: number) =>
    `${events(count)} ${count === 1 ? "is" : "are"} forgotten: their vendor deletes events after ${duration(ms)}, and only their jobs are left`,
  forgottenFix: "retry or discard them",
  callbacks: "callbacks, confirmed by the answer 200",
  callbacksWait: (waiting: string, limit: string) =>
    `Of all callbacks ${waiting} of at most ${limit} wait or are parked.`,

  series: "Activity",
  ranges: "Time",
  range: { "15m": "15 minutes", "3h": "3 hours", "2d": "2 days" },
  counted: { in: "In", handled: "Handled", failed: "Failed attempts", parked: "Parked", confirmed: "Confirmed" },
  most: (count: string) => `at most ${count} in one step`,
  byType: "By type",
  bySource: "By source",
  handledRate: "Rate",
  failedShare: "Failed",
  spreads: {
    queueMs: "Queue wait",
    handlerMs: "Handler",
    lingerMs: "Linger",
    confirmMs: "Confirmation",
    windowUsed: "Window used",
  },
  spreadsHint:
    "In each pair, half of the values are at most the first, and 95 % at most the second. Queue wait: from accepting an event to its first attempt. Linger: from success to the confirmation call. Window used: the share of the time that the vendor waits for the confirmation.",

  replicas: "Replicas",
  replica: "Replica",
  state: "State",
  roles: "Roles",
  sources: "Sources",
  running: "Running",
  lastStart: "Last start",
  seen: "Seen",

  openEvents: "Oldest open events",
  noneOpen: "None.",
  openEventsHint: "Not yet confirmed to their vendor, or parked.",
  openEventsCut: (shown: number, unconfirmed: number, parked: string) =>
    `These are the ${n(shown)} oldest; in all, ${n(unconfirmed)} are unconfirmed, and ${parked} are parked.`,
  type: "Type",
  age: "Age",
  vendor: "At its vendor",
  attempts: "Attempts",
  reason: "Error",
  actions: "Actions",

  retry: "Retry",
  retryOf: (event: string) => `Retry ${event}`,
  discard: "Discard…",
  discardOf: (event: string) => `Discard ${event}`,
  discardSend: "Give it up and confirm it",
  end: "End…",
  endOf: (event: string) => `End ${event}`,
  endSend: "Count it as confirmed",
  endFollows: "If its vendor still has it, it comes back and runs again.",
  why: "Reason",
  whyHint: "why nobody needs it",

  groups: "Needs a person: parked events by cause",
  noGroups: "No event is parked.",
  newGroups: "Only events of the last 20 minutes",
  moreGroups: (groups: number, count: number) => `${n(groups)} smaller groups with ${events(count)} come after these.`,
  noError: "no error was kept",
  timeLeft: "Time left",
  notAtVendor: "its vendor does not wait",
  over: "over",
  oldestOne: "Oldest",
  trend: "Last hour",
  noTrend: "no more",
  lastHour: (count: number) => `+${n(count)}`,
  sample: "Sample",
  retryGroup: (count: number) => `Retry ${events(count)}`,
  retryGroupOf: (count: number, type: string, error: string) => `Retry ${events(count)} of ${type}: ${error}`,
  retryBegins: "Retrying: its events are being counted.",
  retryRuns: (looked: number, total: number) => `Retrying: ${n(looked)} of ${events(total)}, the oldest first.`,
  retryDone: (count: number) => `${events(count)} got another attempt. Those that fail again come back here.`,
  retryFailed: (looked: number) =>
    `The retry ended after ${events(looked)}; the log says why. Start it again for the rest.`,

  searchTitle: (search: string) => (search === "" ? "All events" : `Events: ${search}`),
  searchLate: "This search takes too long: narrow it down, or check whether Redis answers.",
  searchHelp: "How to search",
  searchRules:
    "All words are required. A word matches the id, a subject (file, task, job, session) or the error. state: type: source: vendor: older: newer: narrow the search, and quotes keep spaces.",
  nothingFound: "No event matches.",
  reach: (count: number, ms: number | undefined) =>
    ms === undefined
      ? "There is no history of finished events."
      : `The history holds ${events(count)} and reaches back ${duration(ms)}.`,
  found: (count: number, isPart: boolean) => (isPart ? `${events(count)} on this page` : events(count)),
  firstPage: "First page",
  nextPage: "Next page",
  eventOf: (type: string, subject: string) => `${type} of ${subject}`,

  life: "Its life",
  lifeKinds,
  /** The history keeps them in English, so no translation is needed here. */
  results: (result: string): string => result,
  calls: (count: number) => `${n(count)} calls`,
  noLife: "Nothing more is known about it.",
  took: (ms: number) => `took ${duration(ms)}`,
  receipt: "receipt",
  receiptLeft: "Receipt valid for",
  lastDelivery: "Last delivery",
  waitsFor: "Waits for",
  waitsForWorker: "a worker with room: it is in the queue",
  waitsForPerson: "a person: retry or discard it",
  waitsForConfirmation: "its confirmation",
  nextAttempt: (inTime: string) => `its next attempt, in ${inTime}`,
  inBatchOf: "runs in the batch of",
  heldFor: {
    batch: (handler: string, _key: string) => `its batch of ${handler}: more events, the end of the linger, or a place`,
    place: (handler: string, _key: string) => `a place: ${handler} runs as many events as allowed`,
    rate: (handler: string, _key: string) => `its turn under the rate limit of ${handler}`,
    key: (handler: string, key: string) => `earlier events of ${handler} with the key ${key}; first`,
    pause: (handler: string, _key: string) => `an operator, who paused ${handler}`,
  },
  steps: "Steps and progress",
  stepDone: "done, its result is kept",
  stepBegan: (age: string) => `began; last sign of life ${age} ago`,
  progress: "Progress",
  lines: "What its handler logged",
  stack: "The error with its causes",
  body: "Body",
  bodyGone: "Its body is gone: the job of a finished event is kept for a while only.",
  bodyCut: "The rest is left out here; the JSON has all of it.",
  copy: "Copy",
  copied: "Copied",
  neighbours: "Other events of the same subject",
  noNeighbours: "None is known.",
  moreNeighbours: "There may be more: search for a subject.",
  inDashboard: "In bull-board",
  subjects: "Subjects",
  firstSeen: "First delivery",
  deliveries: "Deliveries",
  worker: "Last run by",
  parkedAt: "Parked",
  handledAt: "Handled",
  confirmedAt: "Confirmed",
  doorKinds,
  id: "Id",
  noEvent: "No event has this id",
  noEventWhy: "It may have finished so long ago that its history is gone. The archive may have it.",

  notices,
};

export const english = { ...format, texts };
export type Language = typeof english;
