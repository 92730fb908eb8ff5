/** Decides what follows a failed attempt: another attempt after a pause, or parking. */
import type { Failure } from "./attempt.ts";
import { backoffMs } from "./backoff.ts";
import { askedPauseMs, isPermanent, leavesAttempt } from "./errors.ts";
import type { EventLog } from "./event-log.ts";
import type { CallbackEvent } from "./event.ts";
import type { ResolvedHandler } from "./handlers.ts";
import type { FailedRun, Inbox, Left } from "./inbox.ts";
import type { Meter } from "./meter.ts";
import type { Outcome } from "./runs.ts";
import { LONGEST_TIMER_MS } from "./sleep.ts";

export type FailedAttempt = {
  readonly failure: Failure;
  readonly left: Left;
  readonly ranForMs: number;
  readonly handler: Pick<ResolvedHandler, "attempts" | "backoffMs">;
  readonly event: CallbackEvent;
  /** 1 for the first. */
  readonly number: number;
  readonly log: EventLog;
  /** Names what failed, if it was not the handler. */
  readonly fact?: string;
};

type FailureOptions = {
  readonly inbox: Pick<Inbox, "ran">;
  readonly meter: Meter;
  readonly chance?: (() => number) | undefined;
  /** Aborts when the process must end. */
  readonly ending: AbortSignal;
};

const LONGEST_BACKOFF_MS = 600_000;

export async function afterFailure(
  {
    failure: { thrown, error },
    left,
    ranForMs,
    handler,
    event,
    number: attempt,
    log,
    fact = "handler failed",
  }: FailedAttempt,
  { inbox, meter, chance, ending }: FailureOptions,
): Promise<Outcome> {
  if (ending.aborted) {
    log().warn({ err: error }, "given up to stop in time, goes back to the queue");
    return { kind: "returned" };
  }
  // Another process took the event over and handled it: this is not a failure.
  const isPutOff = leavesAttempt(thrown);
  const leaves = isPutOff ? withReason(left, attempt, error) : left;
  if (await ranElsewhere(inbox, event, leaves, { ranForMs, error: error.message })) return { kind: "handled" };
  const labels = { source: event.source, type: event.type };
  if (!isPutOff) meter.count("attempts_failed", labels);
  if (isPermanent(thrown) || (!isPutOff && attempt >= handler.attempts)) return parked(error, event, log, meter);
  const usual = backoffMs(attempt, {
    minMs: handler.backoffMs,
    maxMs: Math.max(LONGEST_BACKOFF_MS, handler.backoffMs),
    chance,
  });
  const afterMs = Math.min(Math.max(Math.ceil(askedPauseMs(thrown)), usual), LONGEST_TIMER_MS);
  const about = { err: error, attempt, attempts: handler.attempts, afterMs };
  if (isPutOff) {
    log().info(about, "put off by its handler, without using an attempt");
    return { kind: "retry", error, afterMs, usesAttempt: false };
  }
  log().warn(about, `${fact}, will try again`);
  return { kind: "retry", error, afterMs };
}

export function parked(error: Error, { source, type }: CallbackEvent, log: EventLog, meter: Meter): Outcome {
  meter.count("parked", { source, type });
  log().error({ err: error }, "parked: it stays until someone retries or discards it");
  return { kind: "parked", error };
}

/** If the store cannot answer, the handler's failure still counts. */
async function ranElsewhere(
  inbox: Pick<Inbox, "ran">,
  event: CallbackEvent,
  left: Left,
  failed: FailedRun,
): Promise<boolean> {
  try {
    return await inbox.ran(event, left, failed);
  } catch {
    return false;
  }
}

/** A postponed job stores no error. Its page shows the reason. */
function withReason({ lines = [], ...left }: Left, attempt: number, { message }: Error): Left {
  return { ...left, lines: [...lines, `${new Date().toISOString()} attempt ${attempt} was put off: ${message}`] };
}
