/** What the worker says about itself, to probes, metrics and the desk. Nothing here is secret. */
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
  /** Of the handlers with limits that this process runs. Missing while Redis is away. */
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
  /** Held by an operator: no job starts anywhere until someone resumes it. */
  readonly paused: boolean;
  /** Beyond this many waiting and delayed events, those of callbacks aside, new ones stay at the vendor. */
  readonly maxWaiting: number;
};

/** Events of callbacks that are not handled yet, parked ones among them, and how many there may be. */
export type CallbackStatus = {
  readonly waiting: number;
  readonly waitingBytes: number;
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
};

/** Over all replicas. `held`: events that wait for the limits. `placed`: those that run, or are about to. */
export type LimitStatus = {
  /** Its vendor and type. */
  readonly handler: string;
  readonly held: number;
  readonly placed: number;
  /** Beyond this many held ones new events of this handler are not taken in. */
  readonly maxHeld: number;
};

export type SourceStatus = {
  readonly name: string;
  readonly vendor: string;
  /** When the vendor last answered a pull, empty answers included; missing until the first one. */
  readonly lastPullAt?: string;
  /** Why pulls fail at the moment. */
  readonly trouble?: { readonly message: string; readonly fix?: string; readonly since: string };
  readonly findings: readonly Finding[];
  /** Events taken in and not yet confirmed; of these, the handled ones. */
  readonly unconfirmed?: number;
  readonly handled?: number;
  /** Events that their vendor has forgotten, and whose jobs are not done. */
  readonly forgotten?: number;
  readonly oldestUnconfirmedMs?: number;
  readonly retentionMs: number;
  /** The vendor's own count, minutes old. */
  readonly backlog?: number;
};
