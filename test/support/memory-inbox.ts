import { eventId } from "../../src/core/fingerprint.ts";
import type { CallbackEvent, EventRef } from "../../src/core/event.ts";
import type {
  Acceptance,
  Desk,
  Discarded,
  DueConfirmation,
  HoldInbox,
  Inbox,
  Marked,
  Place,
  Settlement,
} from "../../src/core/inbox.ts";
import type { Delivery, SourceTerms } from "../../src/core/source.ts";
import { confirmationOf, type Entry, isEntry, MemoryEntries } from "./memory-entries.ts";
import { createMemoryHold } from "./memory-hold.ts";
import { MemoryJobs, toEvent } from "./memory-jobs.ts";
import { MemoryQuota } from "./memory-quota.ts";
import { MemoryRoom } from "./memory-room.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

type MemoryInboxOptions = {
  readonly now?: () => number;
  /** The clock of `DueConfirmation`'s times. */
  readonly monotonic?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly maxWaiting?: number;
  /** Longer than any pull. */
  readonly graceMs?: number;
  /** The longest confirmation call. */
  readonly callMs?: number;
  /** How long an event is known after its last delivery. */
  readonly keepMs?: number;
};

/** What a pull brought, and the jobs that come of it. */
type Pull = {
  readonly source: SourceTerms;
  readonly sent: number;
  readonly at: number;
  readonly deliveries: readonly Delivery[];
  readonly jobs: CallbackEvent[];
  admitted: number;
};

type Judged = { readonly acceptances: Acceptance[]; readonly handled: number; readonly jobs: readonly CallbackEvent[] };

type Window = { readonly receipt: string; readonly openUntil: number; readonly closedFrom: number };

/** The inbox without Redis: one process, nothing durable, exact to the millisecond. */
export class MemoryInbox implements Inbox, HoldInbox, Desk {
  readonly jobs = new MemoryJobs();
  readonly held: HoldInbox["held"];
  readonly extending: HoldInbox["extending"];
  readonly extended: HoldInbox["extended"];
  readonly #entries: MemoryEntries;
  readonly #quotas = new Map<string, MemoryQuota>();
  readonly #room = new MemoryRoom();
  readonly #options: Required<MemoryInboxOptions>;

  constructor(options: MemoryInboxOptions = {}) {
    this.#options = {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.ceil(ms))),
      maxWaiting: 10_000,
      graceMs: 15_000,
      callMs: 5_000,
      keepMs: 5 * DAY_MS,
      ...options,
    };
    const { now, monotonic, keepMs } = this.#options;
    const entries = new MemoryEntries(now);
    this.#entries = entries;
    const setHandled = (entry: Entry): void => this.#setHandled(entry);
    const hold = createMemoryHold({ entries, now, monotonic, keepMs, setHandled });
    ({ held: this.held, extending: this.extending, extended: this.extended } = hold);
  }

  async turn(source: SourceTerms, action: "pull" | "confirm"): Promise<number> {
    const name = `${source.vendor} ${action}`;
    const quota = this.#quotas.get(name) ?? new MemoryQuota();
    this.#quotas.set(name, quota);
    const at = this.#options.now();
    const granted = quota.grant(at, source.maxCallsPerSecond);
    if (granted > at) await this.#options.sleep(granted - at);
    return granted;
  }

  async place(source: SourceTerms, expected: number): Promise<Place> {
    const { waiting, paused: delayed } = this.jobs;
    const found = this.#room.find({
      source: source.name,
      at: this.#options.now(),
      windowMs: source.windowMs,
      maxWaiting: this.#options.maxWaiting,
      expected,
      waiting,
      isIdle: waiting === 0,
      delayed,
    });
    if ("askAgainMs" in found) return { isFree: false, ...found };
    return { isFree: true, most: found.most, giveBack: () => this.#room.giveBack(found.bucket, expected) };
  }

  async accept(source: SourceTerms, sent: number, deliveries: readonly Delivery[]): Promise<Omit<Judged, "jobs">> {
    const { jobs, ...judged } = this.judge(source, sent, deliveries);
    for (const job of jobs) this.jobs.add(job);
    return judged;
  }

  /** The first half of `accept`: the jobs it leads to are still to be added. */
  judge(source: SourceTerms, sent: number, deliveries: readonly Delivery[]): Judged {
    const at = this.#options.now();
    const pull: Pull = { source, sent, at, deliveries, jobs: [], admitted: 0 };
    const taken = deliveries.map((delivery) => this.#take(pull, delivery));
    // Only when all are taken in is it known which receipts stand for an event that is still pending.
    const acceptances = taken.map((one) => (isEntry(one) ? this.#confirmOrWait(one, at) : one));
    return { acceptances, handled: this.#entries.handled(source.name).length, jobs: pull.jobs };
  }

  async mark(event: EventRef, ran: boolean): Promise<Marked> {
    this.#room.countHandled(this.#options.now());
    if (ran) this.jobs.noteRun(event.id);
    const entry = this.#entries.find(event.source, event.fingerprint);
    if (entry?.id !== event.id || entry.state === "confirmed") return { stored: false };
    if (entry.state === "pending") this.#setHandled(entry);
    return { stored: true, ...this.#dueOf(entry) };
  }

  async discard({ source, fingerprint, id }: EventRef): Promise<Discarded> {
    const removed = this.jobs.removeIdle(id);
    const entry = this.#entries.find(source, fingerprint);
    if (entry?.id !== id || entry.state !== (removed ? "pending" : "handled"))
      return { outcome: removed ? "removed" : "none" };
    if (removed) this.#setHandled(entry);
    const outcome = removed ? "given up" : "handled";
    return { outcome, ...this.#dueOf(entry) };
  }

  async end({ source, fingerprint, id }: EventRef): Promise<boolean> {
    const entry = this.#entries.find(source, fingerprint);
    if (entry?.id !== id || entry.state !== "handled") return false;
    this.#setConfirmed(entry);
    return true;
  }

  async ran({ id }: EventRef): Promise<boolean> {
    return this.jobs.ran(id);
  }

  async settle(confirmation: DueConfirmation, outcome: Settlement): Promise<void> {
    const known = this.#entries.find(confirmation.source, confirmation.fingerprint);
    if (known?.id !== confirmation.id || known.receipt !== confirmation.receipt) return;
    if (known.extending && outcome !== "confirmed") return;
    for (const entry of this.#entries.handled(confirmation.source)) {
      if (entry.receipt !== confirmation.receipt) continue;
      if (outcome === "dead") entry.returnsFrom = 0;
      else this.#setConfirmed(entry);
    }
  }

  async drained(source: SourceTerms, sent: number): Promise<number> {
    const quiet = this.#entries.handled(source.name).filter(({ due }) => due < sent);
    const gone = quiet.filter(({ absent }) => absent);
    for (const entry of quiet) {
      if (entry.absent) this.#setConfirmed(entry);
      else Object.assign(entry, { absent: true, due: sent + source.windowMs + this.#options.graceMs });
    }
    return gone.length;
  }

  /** How many events are not confirmed, as far as is known. */
  get open(): number {
    return this.#entries.all().filter(({ state }) => state !== "confirmed").length;
  }

  loseEverything(): void {
    this.#entries.clear();
    this.#quotas.clear();
    this.#room.clear();
    this.jobs.clear();
  }

  /** One delivery, by the rules in their order. An entry as answer: handled and renewed. */
  #take(pull: Pull, delivery: Delivery): Acceptance | Entry {
    const { source, sent, at } = pull;
    const entry = this.#entries.find(source.name, delivery.fingerprint);
    const window = { receipt: delivery.receipt, openUntil: sent + source.windowMs, closedFrom: at + source.windowMs };
    const tooLate = at - sent > this.#options.graceMs;
    if (entry?.state === "confirmed" || !entry) {
      if (tooLate || (entry && sent <= entry.confirmedAt)) return { verdict: "skip", why: "stale" };
      return this.#admit(pull, delivery, window);
    }
    // The store may hear of a confirmation late: only a pull sent after it can bring the return of what is handled.
    const from = entry.state === "handled" ? sent : at;
    if (tooLate || from < entry.returnsFrom) {
      if (entry.state === "handled") Object.assign(entry, { absent: false, due: window.closedFrom });
      return { verdict: "skip", why: tooLate ? "stale" : "twin" };
    }
    return this.#renew(pull, entry, delivery, window);
  }

  #renew({ source, at, jobs }: Pull, entry: Entry, delivery: Delivery, window: Window): Acceptance | Entry {
    Object.assign(entry, window, { extending: false, expires: at + this.#options.keepMs });
    if (entry.state === "handled") {
      this.#setHandled(entry);
      return entry;
    }
    const { id } = entry;
    entry.returnsFrom = window.openUntil;
    if (this.jobs.parked(id)) return { verdict: "park", id };
    if (this.jobs.has(id)) return { verdict: "renew", id };
    jobs.push(toEvent(source, at, id, delivery));
    return { verdict: "add", id };
  }

  #admit(pull: Pull, delivery: Delivery, window: Window): Acceptance {
    const { source, at, deliveries, jobs } = pull;
    const { receipt, fingerprint } = delivery;
    // Events under one receipt come in together, since giving it back ends all of them.
    const alone = deliveries.every((other) => other.receipt !== receipt || other.fingerprint === fingerprint);
    const most = Math.ceil(1.25 * this.#options.maxWaiting);
    const isFull = this.jobs.waiting + pull.admitted >= most || this.jobs.paused >= most;
    if (alone && isFull) return { verdict: "skip", why: "no-room" };
    pull.admitted += 1;
    const id = this.jobs.freeId(eventId(source.name, receipt, fingerprint));
    this.#entries.write({
      source: source.name,
      fingerprint,
      id,
      state: "pending",
      ...window,
      returnsFrom: window.openUntil,
      due: 0,
      absent: false,
      extending: false,
      confirmedAt: 0,
      expires: at + this.#options.keepMs,
    });
    jobs.push(toEvent(source, at, id, delivery));
    return { verdict: "add", id };
  }

  #confirmOrWait(entry: Entry, at: number): Acceptance {
    if (this.#entries.blocked(entry)) return { verdict: "renew", id: entry.id };
    return { verdict: "confirm", id: entry.id, confirmation: this.#confirmationOf(entry, at) };
  }

  #setHandled(entry: Entry): void {
    const returnsFrom = entry.closedFrom + this.#options.callMs;
    Object.assign(entry, { state: "handled", returnsFrom, due: entry.closedFrom, absent: false });
  }

  #setConfirmed(entry: Entry): void {
    const at = this.#options.now();
    Object.assign(entry, { state: "confirmed", confirmedAt: at, expires: at + this.#options.graceMs });
  }

  #dueOf(entry: Entry): Pick<Marked, "confirmation"> {
    return this.#entries.blocked(entry) ? {} : { confirmation: this.#confirmationOf(entry, this.#options.now()) };
  }

  #confirmationOf(entry: Entry, at: number): DueConfirmation {
    return confirmationOf(entry, this.#options.monotonic() - at);
  }
}
