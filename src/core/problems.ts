/**
 * Everything that can keep a worker from making progress: a code that never changes, what is so, and what to do. The codes
 * stand in docs/operating.md with more to do about each.
 */
import type { Finding } from "./finding.ts";
import { REDIS_TROUBLE_CODES, redisTrouble, type RedisTrouble } from "./redis-trouble.ts";

export const PROBLEM_CODES = [
  ...REDIS_TROUBLE_CODES,
  "redis-evicts",
  "redis-too-old",
  "status-slow",
  "status-unreadable",
  "pull-failing",
  "pull-unanswered",
  "pull-silent",
  "confirm-failing",
  "source-settings",
  "events-expiring",
  "events-forgotten",
  "queue-paused",
  "nothing-starts",
  "too-many-parked",
  "callbacks-refused",
  "event-loop-blocked",
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];

export type Problem = {
  readonly code: ProblemCode;
  /** Missing if it concerns all. */
  readonly source?: string;
  readonly fact: string;
  readonly fix?: string;
};

/** For events of callbacks. */
export const HOW_TO_MAKE_ROOM =
  "see why handlers do not keep up, retry or discard what is parked, or raise CALLBACK_MAX_WAITING or CALLBACK_MAX_WAITING_BYTES";

/** Why calls fail, in words of the vendor or of ours. */
type Reason = { readonly message: string; readonly fix?: string };

export const problems = {
  redisAway: (): Problem => redisTrouble("redis-away"),
  redis: (trouble: RedisTrouble): Problem => trouble,
  statusSlow: (): Problem => ({ code: "status-slow", fact: "status takes too long: Redis away?" }),
  statusUnreadable: (): Problem => ({ code: "status-unreadable", fact: "status cannot be read: the log says why" }),

  pullFailing: (source: string, reason: Reason) => ofReason("pull-failing", source, reason),
  confirmFailing: (source: string, reason: Reason) => ofReason("confirm-failing", source, reason),
  pullUnanswered: (source: string): Problem => ({
    code: "pull-unanswered",
    source,
    fact: "the vendor has not answered a pull yet",
  }),
  pullSilent: (source: string, silentMs: number): Problem => ({
    code: "pull-silent",
    source,
    fact: `no pull was answered for ${Math.round(silentMs / 1_000)} s`,
  }),
  eventsExpiring: (source: string, leftMs: number): Problem => ({
    code: "events-expiring",
    source,
    fact: `the oldest unconfirmed event dies at the vendor in ${Math.max(0, Math.round(leftMs / 3_600_000))} hours`,
  }),
  /** Only told in the log, once: the vendor has nothing to lose any more. */
  eventsForgotten: (source: string, events: number): Problem => ({
    code: "events-forgotten",
    source,
    fact: `${events} events were not handled for longer than their vendor keeps them: only their jobs are left`,
    fix: "retry or discard them on the overview page",
  }),

  queuePaused: (): Problem => ({
    code: "queue-paused",
    fact: "the queue is paused, no job starts",
    fix: "resume it on /dashboard",
  }),
  nothingStarts: (waiting: number, idleMs: number): Problem => ({
    code: "nothing-starts",
    fact: `${waiting} jobs wait and none was started for ${Math.round(idleMs / 1_000)} s`,
  }),
  tooManyParked: (parked: number): Problem => ({
    code: "too-many-parked",
    fact: `${parked} events are parked; their redeliveries begin to crowd out new ones`,
    fix: "retry or discard them, or set PARKED=confirm",
  }),
  /** `waiting`: how much waits, against how much may. */
  callbacksRefused: (waiting: string): Problem => ({
    code: "callbacks-refused",
    fact: `callbacks are answered 503, ${waiting} wait or are parked`,
    fix: HOW_TO_MAKE_ROOM,
  }),
  /** Only told in the log: it is over when it is noticed. */
  eventLoopBlocked: (): Problem => ({
    code: "event-loop-blocked",
    fact: "a handler blocked the event loop; at 10 s its jobs are taken away and run elsewhere too",
  }),
};

/** Those findings that are errors. One without a code of its own is about a source's settings at its vendor. */
export function problemsOf(findings: readonly Finding[], source?: string): readonly Problem[] {
  return findings.filter(({ level }) => level === "error").map((finding) => ofFinding(finding, source));
}

/** As one line for people. */
export function textOf({ source, fact, fix }: Problem): string {
  const text = fix ? `${fact}; ${fix}` : fact;
  return source === undefined ? text : `${source}: ${text}`;
}

function ofFinding({ code = "source-settings", fact, fix }: Finding, source: string | undefined): Problem {
  return { code, ...(source !== undefined && { source }), fact, ...(fix !== undefined && { fix }) };
}

function ofReason(code: ProblemCode, source: string, { message, fix }: Reason): Problem {
  return { code, source, fact: message, ...(fix !== undefined && { fix }) };
}
