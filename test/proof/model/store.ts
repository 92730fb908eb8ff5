import type { Attempt } from "../../../src/core/processor.ts";
import type { CallbackEvent, EventRef } from "../../../src/core/event.ts";
import type {
  Acceptance,
  Desk,
  Discarded,
  DueConfirmation,
  HoldInbox,
  Inbox,
  Settlement,
} from "../../../src/core/inbox.ts";
import type { Entry, Gate, Limited } from "../../../src/core/limits.ts";
import type { Delivery } from "../../../src/core/source.ts";
import type { StepStore } from "../../../src/core/step-store.ts";
import type { RedisCrashes } from "../../../src/ledger/crashes.ts";
import type { Link } from "./link.ts";

/** A job that a replica took. Each taking has its own `lock`. Without the current lock nobody can change the job. */
export type Taken = { readonly event: CallbackEvent; readonly attempt: Attempt; readonly lock: string };

export type Answered = EventRef & Pick<DueConfirmation, "receipt">;

/**
 * The state of an event. `dead`: its confirmation is due, but its receipt is regarded as dead. `over`: it is not
 * handled, or unknown.
 */
export type Standing = "due" | "dead" | "over";

/** Reports each call to the checks of the vendor and the store, at the moment when it takes effect. */
export type Seen = {
  accepted(
    deliveries: readonly (Pick<Delivery, "receipt" | "fingerprint"> & {
      readonly verdict: Acceptance["verdict"];
      readonly id: string;
    })[],
    link: Link,
  ): void;
  quiet(count: number): void;
  marked(event: EventRef, ran: boolean, stored: boolean, link: Link): void;
  noted(event: EventRef, link: Link): void;
  /** An operator marked the event as confirmed. */
  ended(event: EventRef, link: Link): void;
  discarded(event: EventRef, outcome: Discarded["outcome"], link: Link): void;
  /** The store heard the vendor's answer about a receipt. `before` and `after` are the states of the event. */
  answered(confirmation: Answered, outcome: Settlement, before: Standing, after: Standing): void;
  /** A window was prolonged. This is the valid receipt from now on. */
  extended(receipt: string, windowMs: number): void;
  stepKept(id: string, step: string, result: string): void;
  /** The gate decided about a start. `at` is by the store's clock. */
  entered(event: Pick<EventRef, "id">, limited: Limited, kind: Entry["kind"], at: number): void;
  /** The gate heard the outcome. */
  left(id: string, how: "done" | "rest" | "back"): void;
  /** There may be jobs to take. */
  jobs(): void;
};

export type ModelInbox = Inbox & Desk & HoldInbox;

/**
 * The ledger and the jobs, in memory or on Redis. Calls to this interface take effect at once. A `Link` adds the
 * journey.
 */
export interface ModelStore {
  /** The inbox of one more replica. */
  connect(link: Link): ModelInbox;
  /** The handler limits, asked for over this replica's link. */
  gate(link: Link): Gate;
  /** The crash counts, asked for over this replica's link. */
  crashes(link: Link): RedisCrashes;
  /** The results of steps, asked for over this replica's link. */
  steps(link: Link): StepStore;
  take(lock: string): Promise<Taken | undefined>;
  complete(job: Taken): Promise<void>;
  delay(job: Taken, ms: number): Promise<void>;
  /** Puts the job off without counting the attempt. */
  putOff(job: Taken, ms: number): Promise<void>;
  park(job: Taken): Promise<void>;
  /** A limit puts the job off without using an attempt, for `ms` or until there is a place. */
  hold(job: Taken, ms: number | undefined): Promise<void>;
  /** Puts the job back into the queue without using an attempt. */
  giveBack(job: Taken): Promise<void>;
  /** Puts the job back because its lock ran out. Resolves with whether it was still held under that lock. */
  stall(job: Taken): Promise<boolean>;
  /** Removes a finished job. This may happen at any time. */
  evict(id: string): Promise<void>;
  /** Every job that an operator may touch. Running jobs are not among them. */
  idleJobs(): Promise<readonly CallbackEvent[]>;
  retry(id: string): Promise<void>;
  /** Retries all parked and delayed jobs. */
  retryAll(): Promise<void>;
  /** Resolves with whether there was a job to remove. */
  remove(id: string): Promise<boolean>;
  /** Moves the store's clock, and no other. */
  jump(ms: number): void;
  empty(): Promise<void>;
  /** The unfinished work: open events of the ledger, and jobs. */
  open(): Promise<{ readonly events: number; readonly jobs: number }>;
  close(): Promise<void>;
}
