/** The status of a worker, for probes, metrics and the desk. Nothing here is secret. */
import type { Finding } from "../../core/finding.ts";
import type { Health } from "../../core/health.ts";
import type { Problem } from "../../core/problems.ts";
import type { Replica } from "../../core/replica.ts";

export type Status = Health & {
  readonly name: string;
  readonly version: string;
  readonly startedAt: string;
  readonly roles: readonly string[];
  readonly redis: { readonly reachable: boolean };
  /** Missing while Redis is away. */
  readonly queue?: QueueStatus;
  readonly callbacks?: CallbackStatus;
  /** The limits of the handlers that this process runs. Missing while Redis is away. */
  readonly limits?: readonly LimitStatus[];
  readonly sources: readonly SourceStatus[];
  /** All processes that work together, this one too. Missing while Redis is away. */
  readonly replicas?: readonly Replica[];
};

/** Whether a callback would be stored. */
export type CallbackReadiness = { readonly ready: boolean; readonly problems: readonly Problem[] };

type QueueStatus = {
  readonly waiting: number;
  readonly running: number;
  readonly delayed: number;
  readonly parked: number;
  readonly completed: number;
  /** Whether an operator has paused the queue. Then no job starts until someone resumes it. */
  readonly paused: boolean;
  /** The most waiting and delayed events, without those of callbacks. Beyond it new events stay at the vendor. */
  readonly maxWaiting: number;
};

/** Events of callbacks that are not handled yet, including parked ones, and how many there may be. */
export type CallbackStatus = {
  readonly waiting: number;
  readonly waitingBytes: number;
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
};

/** Counted over all replicas. `held`: events that wait for the limits. `placed`: events that run or are about to start. */
export type LimitStatus = {
  /** Its vendor and type. */
  readonly handler: string;
  readonly held: number;
  readonly placed: number;
  /** The most held events of this handler. Beyond it no new events are accepted. */
  readonly maxHeld: number;
};

export type SourceStatus = {
  readonly name: string;
  readonly vendor: string;
  /** When the vendor last answered a pull, including empty answers. Missing until the first answer. */
  readonly lastPullAt?: string;
  /** The reason why pulls fail at the moment. */
  readonly trouble?: { readonly message: string; readonly fix?: string; readonly since: string };
  readonly findings: readonly Finding[];
  /** Unconfirmed events, and how many of them are handled. */
  readonly unconfirmed?: number;
  readonly handled?: number;
  /** Unfinished events that their vendor has deleted. */
  readonly forgotten?: number;
  readonly oldestUnconfirmedMs?: number;
  readonly retentionMs: number;
  /** The vendor's own count of waiting events. It is some minutes old. */
  readonly backlog?: number;
};
