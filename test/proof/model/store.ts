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

/** A job that a replica took. `lock` is its alone: who does not hold it any more can do nothing to the job. */
export type Taken = { readonly event: CallbackEvent; readonly attempt: Attempt; readonly lock: string };

export type Answered = EventRef & Pick<DueConfirmation, "receipt">;

/** How an event stands. `dead`: its confirmation is due, and its receipt is taken for dead. `over`: it is not handled, or unknown. */
export type Standing = "due" | "dead" | "over";

/** What the vendor's and the store's side see of a call, in the moment when it takes effect. */
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
  /** As confirmed, by hand. */
  ended(event: EventRef, link: Link): void;
  discarded(event: EventRef, outcome: Discarded["outcome"], link: Link): void;
  /** The store heard the vendor's answer about a receipt; how the event stood before and after. */
  answered(confirmation: Answered, outcome: Settlement, before: Standing, after: Standing): void;
  /** A window was prolonged, under this receipt from now on. */
  extended(receipt: string, windowMs: number): void;
  /** The store keeps the result of a step. */
  stepKept(id: string, step: string, result: string): void;
  /** The gate decided about a start, at this time of the store. */
  entered(event: Pick<EventRef, "id">, limited: Limited, kind: Entry["kind"], at: number): void;
  /** The gate heard how it ended. */
  left(id: string, how: "done" | "rest" | "back"): void;
  /** There may be jobs to take. */
  jobs(): void;
};

export type ModelInbox = Inbox & Desk & HoldInbox;

/** Ledger and jobs, in memory or on Redis. What is called here takes effect at once; a `Link` makes it travel. */
export interface ModelStore {
  /** One more replica's inbox. */
  connect(link: Link): ModelInbox;
  /** The limits of handlers, as this replica asks for them. */
  gate(link: Link): Gate;
  /** The same for the count of crashes. */
  crashes(link: Link): RedisCrashes;
  /** And for the results of steps. */
  steps(link: Link): StepStore;
  take(lock: string): Promise<Taken | undefined>;
  complete(job: Taken): Promise<void>;
  delay(job: Taken, ms: number): Promise<void>;
  /** The same, but the attempt does not count. */
  putOff(job: Taken, ms: number): Promise<void>;
  park(job: Taken): Promise<void>;
  /** A limit puts it off, without using an attempt: for so long, or until there is a place. */
  hold(job: Taken, ms: number | undefined): Promise<void>;
  /** Back into the queue, without using an attempt. */
  giveBack(job: Taken): Promise<void>;
  /** The same when its lock ran out; whether it was still held under it. */
  stall(job: Taken): Promise<boolean>;
  /** A finished job may go at any time. */
  evict(id: string): Promise<void>;
  /** Every job an operator may touch: not the ones that run. */
  idleJobs(): Promise<readonly CallbackEvent[]>;
  retry(id: string): Promise<void>;
  /** Whatever is parked or delayed. */
  retryAll(): Promise<void>;
  /** Whether there was one to remove. */
  remove(id: string): Promise<boolean>;
  /** The clock of the store, and of nobody else. */
  jump(ms: number): void;
  empty(): Promise<void>;
  /** What is unfinished: events that the ledger has open, and jobs. */
  open(): Promise<{ readonly events: number; readonly jobs: number }>;
  close(): Promise<void>;
}
