/**
 * All problems that can stop a worker's progress, or that a person should look at. Each has a code that never changes,
 * the fact, and what to do. docs/operating.md lists the codes and says more about each. `health.ts` says when each one
 * counts.
 */
import { type DataLoss, dataLossFact } from "./data-loss.ts";
import type { Finding } from "./finding.ts";
import { REDIS_TROUBLE_CODES, type RedisTrouble } from "./redis-trouble.ts";
import type { Trouble } from "./trouble.ts";

export const PROBLEM_CODES = [
  ...REDIS_TROUBLE_CODES,
  "redis-data-lost",
  "redis-evicts",
  "redis-too-old",
  "status-slow",
  "status-unreadable",
  "pull-failing",
  "pull-unanswered",
  "pull-silent",
  "confirm-failing",
  "confirm-silent",
  "source-settings",
  "events-expiring",
  "queue-paused",
  "nothing-starts",
  "worker-rebuilt",
  "not-stored",
  "too-many-parked",
  "callbacks-refused",
  "limit-full",
  "order-unknown",
  "role-unfilled",
  "parked-growing",
  "events-parked",
  "handler-failing",
  "vendor-slow",
] as const;

/** Problems that are only logged, once. */
export const LOGGED_CODES = ["events-forgotten", "event-loop-blocked"] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];

type Logged = Omit<Problem, "code"> & { readonly code: (typeof LOGGED_CODES)[number] };

export type Problem = {
  readonly code: ProblemCode;
  /** Missing if the problem concerns all sources. */
  readonly source?: string;
  readonly fact: string;
  readonly fix: string;
  /** When it began, if known; otherwise when it was first seen. It has lasted since then without a break. */
  readonly sinceMs?: number;
};

/** For pushed events. */
export const HOW_TO_MAKE_ROOM =
  "find out why handlers do not keep up, retry or discard parked events, or raise CALLBACK_MAX_WAITING or CALLBACK_MAX_WAITING_BYTES";

const SEE_LOG = "see the log";
const IF_IT_LASTS = "the worker goes on trying; if this lasts, check the vendor's status and the network to it";

export const problems = {
  redis: (trouble: RedisTrouble, since?: Date): Problem => ({ ...trouble, ...(since && { sinceMs: since.getTime() }) }),
  redisDataLost: (loss: DataLoss): Problem => ({
    code: "redis-data-lost",
    fact: dataLossFact(loss),
    fix: "callbacks of that time that were not handled are gone: ask their vendors to send them again; pulled events come back by themselves, and events that were handled in that time may run twice",
  }),
  statusSlow: (): Problem => ({
    code: "status-slow",
    fact: "status takes too long: Redis away?",
    fix: "check whether Redis answers",
  }),
  statusUnreadable: (): Problem => ({
    code: "status-unreadable",
    fact: "status cannot be read",
    fix: "the log says why",
  }),

  pullFailing: (source: string, trouble: Trouble) => ofTrouble("pull-failing", source, trouble),
  confirmFailing: (source: string, trouble: Trouble) => ofTrouble("confirm-failing", source, trouble),
  pullUnanswered: (source: string): Problem => ({
    code: "pull-unanswered",
    source,
    fact: "no pull was answered yet",
    fix: "normal for the first seconds; if this lasts, check the network to the vendor",
  }),
  pullSilent: (source: string, lastPullAt: Date): Problem => ({
    code: "pull-silent",
    source,
    fact: `no pull was answered for ${seconds(Date.now() - lastPullAt.getTime())}`,
    fix: "check the network to the vendor, and any proxy on the way",
    sinceMs: lastPullAt.getTime(),
  }),
  confirmSilent: (source: string, ms: number): Problem => ({
    code: "confirm-silent",
    source,
    fact: `confirmations are due, and none was answered for ${seconds(ms)}`,
    fix: "check the network to the vendor, and any proxy on the way; if other processes confirm, restart this one",
  }),
  eventsExpiring: (source: string, leftMs: number): Problem => ({
    code: "events-expiring",
    source,
    fact: `the vendor deletes the oldest unconfirmed event in ${Math.max(0, Math.round(leftMs / 3_600_000))} hours`,
    fix: "retry or discard the oldest events on the desk",
  }),

  queuePaused: (): Problem => ({
    code: "queue-paused",
    fact: "the queue is paused, no job starts",
    fix: "resume it on /dashboard",
  }),
  nothingStarts: (waiting: number, idleMs: number): Problem => ({
    code: "nothing-starts",
    fact: `jobs wait (${waiting}), and none has started for ${seconds(idleMs)}, even over new connections to Redis: this process ends`,
    fix: "let a supervisor start it again, and check the network between it and Redis",
  }),
  notStored: (ms: number): Problem => ({
    code: "not-stored",
    fact: `the success of a handler could not be stored for ${seconds(ms)}`,
    fix: "check whether Redis answers this process and accepts writes; do not kill the process before: the events it handled would run again",
  }),
  workerRebuilt: (times: number, at: number): Problem => ({
    code: "worker-rebuilt",
    fact: `jobs waited and none started, so the connections to Redis were rebuilt${times > 1 ? ` ${times} times` : ""}`,
    fix: "if it happens again, check the network between this process and Redis",
    sinceMs: at,
  }),
  tooManyParked: (parked: number): Problem => ({
    code: "too-many-parked",
    fact: `${parked} events are parked; their redeliveries begin to crowd out new ones`,
    fix: "retry or discard them, or set PARKED=confirm",
  }),
  /** `waiting`: how much waits, and how much may. */
  callbacksRefused: (waiting: string): Problem => ({
    code: "callbacks-refused",
    fact: `callbacks are answered 503: ${waiting} wait or are parked`,
    fix: HOW_TO_MAKE_ROOM,
  }),
  limitFull: (handler: string, held: number): Problem => ({
    code: "limit-full",
    fact: `${held} events wait for the limits of the handler for ${handler}, which is the most allowed: new ones stay at the vendor, and callbacks about them are answered 503`,
    fix: "raise the handler's concurrency or perSecond, or MAX_HELD; check whether one key of orderBy holds most of them",
  }),
  orderUnknown: (replica: string, handlers: readonly string[]): Problem => ({
    code: "order-unknown",
    fact: `${replica} takes events in and has no handlers, so it does not keep the orderBy order of ${handlers.join(", ")}`,
    fix: "give that process the same handlers, and start it again",
  }),

  /** `consequence`: the effect while no replica has the role. */
  roleUnfilled: (role: string, consequence: string, source?: string): Problem => ({
    code: "role-unfilled",
    ...(source !== undefined && { source }),
    fact: `no process has the role ${role}: ${consequence}`,
    fix: `start one with ${role} in ROLES`,
  }),
  parkedGrowing: (fact: string): Problem => ({
    code: "parked-growing",
    fact,
    fix: "see on the desk why they fail, fix the cause, and retry them",
  }),
  eventsParked: (parked: number): Problem => ({
    code: "events-parked",
    fact: parked === 1 ? "1 event is parked" : `${parked} events are parked`,
    fix: "see on the desk why; retry or discard them",
  }),
  handlerFailing: (source: string, type: string, failed: number, attempts: number): Problem => ({
    code: "handler-failing",
    source,
    fact: `${failed} of the last ${attempts} attempts to handle ${type} failed`,
    fix: "see the error in the log or on the event's page",
  }),
  vendorSlow: (source: string, ms: number): Problem => ({
    code: "vendor-slow",
    source,
    fact: `a confirmation takes ${(ms / 1_000).toFixed(1)} s, and is given up after 5 s`,
    fix: "check the vendor's status and the network to it",
  }),

  /** The vendor no longer has these events. */
  eventsForgotten: (source: string, events: number): Logged => ({
    code: "events-forgotten",
    source,
    fact: `${events} events were not handled in time: their vendor has deleted them, and only their jobs are left`,
    fix: "retry or discard them on the desk",
  }),
  /** The block is already over when it is noticed. */
  eventLoopBlocked: (): Logged => ({
    code: "event-loop-blocked",
    fact: "a handler blocked the event loop; after 10 s other processes run its jobs as well",
    fix: "give long computations to a worker thread",
  }),
};

/** The findings that are errors. A finding without a code is about a source's settings at its vendor. */
export function problemsOf(findings: readonly Finding[], source?: string): readonly Problem[] {
  return findings.filter(({ level }) => level === "error").map((finding) => ofFinding(finding, source));
}

/** As one line for people. */
export function textOf({ source, fact, fix }: Pick<Problem, "source" | "fact" | "fix">): string {
  const text = `${fact}; ${fix}`;
  return source === undefined ? text : `${source}: ${text}`;
}

function ofFinding({ code = "source-settings", fact, fix = SEE_LOG }: Finding, source: string | undefined): Problem {
  return { code, ...(source !== undefined && { source }), fact, fix };
}

/** The reason why calls fail, in the vendor's words or in ours. */
function ofTrouble(code: ProblemCode, source: string, { message, fix = IF_IT_LASTS, since }: Trouble): Problem {
  return { code, source, fact: message, fix, sinceMs: since.getTime() };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}
