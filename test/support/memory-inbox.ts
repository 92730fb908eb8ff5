import type { EventRef } from "../../src/core/event.ts";
import type {
  Accepted,
  Desk,
  Discarded,
  DueConfirmation,
  HoldInbox,
  Inbox,
  Left,
  Marked,
  Place,
  Settlement,
  ShortPull,
} from "../../src/core/inbox.ts";
import { createMemorySteps, type MemorySteps } from "../../src/core/memory-steps.ts";
import type { StepRef } from "../../src/core/step-store.ts";
import { type Delivery, type HidingTerms, longestHiddenMs, type SourceTerms } from "../../src/core/source.ts";
import type { LimitsOf } from "../../src/core/limits.ts";
import { type Entry, MemoryEntries } from "./memory-entries.ts";
import { createMemoryHold } from "./memory-hold.ts";
import { accept } from "./memory-accept.ts";
import { MemoryGate } from "./memory-gate.ts";
import { MemoryJobs } from "./memory-jobs.ts";
import { MemoryQuota } from "./memory-quota.ts";
import { MemoryRoom } from "./memory-room.ts";

type MemoryInboxOptions = {
  readonly now?: () => number;
  /** The clock for the times in `DueConfirmation`. */
  readonly monotonic?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly maxWaiting?: number;
  /** Must be longer than any pull. */
  readonly graceMs?: number;
  /** The longest time that a confirmation call may take. */
  readonly callMs?: number;
  readonly limitsOf?: LimitsOf;
  /** The maximum number of events that wait for one handler's limits. */
  readonly mostHeld?: number;
  /** Called when a job may have become startable. */
  readonly wake?: () => void;
};

/** The inbox without Redis. It serves one process, stores nothing durably, and is exact to the millisecond. */
export class MemoryInbox implements Inbox, HoldInbox, Desk {
  readonly jobs = new MemoryJobs();
  readonly steps: MemorySteps;
  readonly gate: MemoryGate;
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
      limitsOf: () => undefined,
      mostHeld: Infinity,
      wake: () => {},
      ...options,
    };
    this.gate = new MemoryGate({ jobs: this.jobs, ...this.#options });
    const entries = new MemoryEntries(this.#options.now, this.#options);
    this.#entries = entries;
    const standing = (step: StepRef, ranForMs: number) => this.#standingOf(step.event, ranForMs);
    this.steps = createMemorySteps({ now: this.#options.now, standing });
    const hold = createMemoryHold({ entries, ...this.#options });
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

  used(source: SourceTerms, action: "pull" | "confirm"): number {
    const quota = this.#quotas.get(`${source.vendor} ${action}`);
    return (quota?.calls(this.#options.now()) ?? 0) / source.maxCallsPerSecond;
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
    return { isFree: true, ...found, end: (isLost) => this.#room.end(found.pull, isLost, this.#options.now()) };
  }

  async accept(source: SourceTerms, sent: number, deliveries: readonly Delivery[]): Promise<Accepted> {
    const [at, monotonic] = [this.#options.now(), this.#options.monotonic()];
    const parts = { jobs: this.jobs, gate: this.gate, entries: this.#entries, room: this.#room, limits: this.#options };
    return accept(parts, { source, sent, at, deliveries, monotonic });
  }

  async mark(event: EventRef, ran: boolean, ranForMs = 0, left: Left = {}): Promise<Marked> {
    const at = this.#options.now();
    this.#room.countHandled(at);
    if (ran) this.jobs.noteRun(event.id);
    if (ran && left.hasSteps) this.steps.drop(event.id);
    this.jobs.leave(event.id, left);
    const entry = this.#entries.find(event.source, event.fingerprint);
    if (entry?.id !== event.id) return { stored: false, ...(this.#isLost(event, ranForMs) && { isLost: true }) };
    if (entry.state === "confirmed") return { stored: false };
    return { stored: true, ...this.#giveOut(entry) };
  }

  async discard({ source, fingerprint, id }: EventRef): Promise<Discarded> {
    const removed = this.jobs.removeIdle(id);
    if (removed) this.steps.drop(id);
    const entry = this.#entries.find(source, fingerprint);
    if (entry?.id !== id || entry.state !== (removed ? "pending" : "handled"))
      return { outcome: removed ? "removed" : "none" };
    const outcome = removed ? "given up" : "handled";
    return { outcome, ...this.#giveOut(entry) };
  }

  async end({ source, fingerprint, id }: EventRef): Promise<boolean> {
    const entry = this.#entries.find(source, fingerprint);
    if (entry?.id !== id || entry.state !== "handled") return false;
    this.#entries.setConfirmed(entry);
    return true;
  }

  async endAll(source: string): Promise<number> {
    const handled = this.#entries.handled(source);
    for (const entry of handled) this.#entries.setConfirmed(entry);
    return handled.length;
  }

  async ran({ id }: EventRef, left: Left = {}): Promise<boolean> {
    this.jobs.leave(id, left);
    return this.jobs.ran(id);
  }

  async noteSuccess({ id }: EventRef, attempt: number): Promise<void> {
    this.jobs.noteSuccess(id, attempt);
  }

  async succeededIn({ id }: EventRef): Promise<number | undefined> {
    return this.jobs.succeededIn(id);
  }

  async settle(confirmation: DueConfirmation, outcome: Settlement): Promise<void> {
    const known = this.#entries.find(confirmation.source, confirmation.fingerprint);
    if (known?.id !== confirmation.id || known.receipt !== confirmation.receipt) return;
    if (known.extending && outcome !== "confirmed") return;
    const due = this.#entries.handled(confirmation.source).filter(({ receipt }) => receipt === confirmation.receipt);
    const isPresumed = outcome === "dead" && due.some(({ givenTwice }) => givenTwice);
    if (isPresumed && this.#options.now() >= known.openUntil) return;
    for (const entry of due) {
      if (outcome === "dead" && !isPresumed) entry.returnsFrom = 0;
      else this.#entries.setConfirmed(entry);
    }
  }

  async quiet(source: HidingTerms, { pull, sent, isEmpty }: ShortPull): Promise<number> {
    const at = this.#options.now();
    const { name } = source;
    if ((!isEmpty && this.#room.isUnfilled(name)) || this.#room.isPreceded(name, pull, sent, at)) return 0;
    const gapMs = longestHiddenMs(source) + this.#options.graceMs;
    const clear = this.#room.lostAt(name) + gapMs;
    let taken = 0;
    for (const entry of this.#entries.handled(name).filter(({ due }) => due < sent)) {
      if (!entry.absent) Object.assign(entry, { absent: { at, isEmpty }, due: sent + gapMs });
      else if (sent < clear) entry.due = clear;
      else {
        this.#entries.setConfirmed(entry);
        taken += 1;
      }
    }
    return taken;
  }

  /** `due`: the confirmation is due. `dead`: it is due, but the receipt counts as dead. `over`: it is not due. */
  standing({ source, fingerprint, id, receipt }: EventRef & { readonly receipt: string }): "due" | "dead" | "over" {
    const entry = this.#entries.find(source, fingerprint);
    if (entry?.id !== id || entry.state !== "handled") return "over";
    return entry.receipt === receipt && entry.returnsFrom === 0 ? "dead" : "due";
  }

  /** The number of known events that are not confirmed. */
  get open(): number {
    return this.#entries.all().filter(({ state }) => state !== "confirmed").length;
  }

  loseEverything(): void {
    this.#entries.clear();
    this.#quotas.clear();
    this.#room.clear();
    this.gate.clear();
    this.jobs.clear();
    this.steps.clear();
  }

  /** Drops step results that no run can need any more. */
  sweepSteps(): void {
    for (const id of this.steps.ids()) {
      const returns = this.#entries.all().some((entry) => entry.id === id && entry.state === "pending");
      if (!returns && !this.jobs.isOpen(id)) this.steps.drop(id);
    }
  }

  #standingOf(event: EventRef, ranForMs: number): "open" | "over" | "lost" {
    const { source, fingerprint, id } = event;
    if (this.jobs.ran(id)) return "over";
    const entry = this.#entries.find(source, fingerprint);
    if (this.jobs.has(id) || (entry?.id === id && entry.state === "pending")) return "open";
    return entry?.id !== id && this.#isLost(event, ranForMs) ? "lost" : "over";
  }

  /** True if the job is gone because all data was lost during its run. */
  #isLost({ id }: EventRef, ranForMs: number): boolean {
    return !this.jobs.has(id) && (this.#room.bornAt ?? Infinity) > this.#options.now() - ranForMs;
  }

  #giveOut(entry: Entry): Pick<Marked, "confirmation"> {
    const wasHandled = entry.state === "handled";
    if (!wasHandled) this.#entries.setHandled(entry);
    const confirmation = this.#entries.giveOut(entry, wasHandled, this.#options.monotonic() - this.#options.now());
    return confirmation ? { confirmation } : {};
  }
}
