/**
 * One simulated queue: visible -> received -> hidden until its window closes -> visible again, or deleted before that.
 * Every delivery and every change of visibility makes a new handle, and voids the one before.
 */
import { randomBytes } from "node:crypto";
import { sleep } from "../../core/sleep.ts";
import { DELIVERIES_KEPT } from "../kit/held.ts";
import type { HeldMessage } from "./held-message.ts";
import type { Settings } from "./settings.ts";

export type Received = { readonly handle: string; readonly until: number; readonly held: HeldMessage };

type QueueOptions = {
  readonly settings: () => Settings;
  /** Called once per message, when it is deleted or purged. */
  readonly onFinished: (held: HeldMessage) => void;
};

type Wait = { readonly waitMs: number; readonly signal: AbortSignal };

export class Queue {
  readonly #options: QueueOptions;
  /** Both in the order of their becoming so. */
  readonly #visible = new Set<HeldMessage>();
  readonly #hidden = new Set<HeldMessage>();
  /** In the order of their publication. */
  readonly #unfinished = new Set<HeldMessage>();
  readonly #byHandle = new Map<string, HeldMessage>();
  #held = 0;
  #nextDue = Infinity;
  #changed = Promise.withResolvers<void>();

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  get visible(): number {
    return this.#visible.size;
  }

  get unconfirmed(): number {
    return this.#unfinished.size;
  }

  add(held: HeldMessage): void {
    this.#unfinished.add(held);
    this.#due(held.publishedAt + this.#options.settings().retentionMs);
    this.#show(held);
  }

  /** Brings visibility and retention up to date; every other question assumes that. */
  refresh(now: number): void {
    if (now < this.#nextDue) return;
    const { retentionMs } = this.#options.settings();
    this.#nextDue = Infinity;
    for (const held of this.#unfinished) {
      const end = held.publishedAt + retentionMs;
      if (end > now) {
        this.#due(end);
        break;
      }
      held.purgedAt = end;
      this.#finish(held, "purged");
    }
    for (const held of this.#hidden) {
      const until = held.lease?.until ?? 0;
      if (until <= now) this.#show(held);
      else this.#due(until);
    }
  }

  /** Looks again at once: a setting changed. */
  settingsChanged(): void {
    this.#nextDue = 0;
    this.#wake();
  }

  /** What is visible, at once; else what becomes visible while the call is held; else nothing. */
  async receive(most: number, { waitMs, signal }: Wait): Promise<readonly Received[]> {
    const end = Date.now() + waitMs;
    const isHeld = waitMs > 0 && this.#held < this.#options.settings().longPolls;
    this.#held += Number(isHeld);
    try {
      while (!signal.aborted) {
        const now = Date.now();
        this.refresh(now);
        const received = this.#take(now, most);
        if (received.length > 0 || !isHeld || now >= end) return received;
        await this.#change(Math.min(end, this.#nextDue) - now, signal);
      }
      return [];
    } finally {
      this.#held -= Number(isHeld);
    }
  }

  /** True when it deleted its message. */
  remove(handle: string, now: number): boolean {
    const held = this.#byHandle.get(handle);
    if (!held || held.lease?.handle !== handle) return false;
    if (held.confirmedAt !== undefined) held.confirmations += 1;
    if (!isOpen(held, now)) return false;
    held.confirmations = 1;
    held.confirmedAt = now;
    this.#finish(held, "confirmed");
    return true;
  }

  /** Whether there is such a message still, with whatever handle. */
  knows(handle: string): boolean {
    const state = this.#byHandle.get(handle)?.state;
    return state === "visible" || state === "hidden";
  }

  /** The new handle; undefined when the old one is void. */
  extend(handle: string, ms: number, now: number): Received | undefined {
    const held = this.#byHandle.get(handle);
    if (!held || held.lease?.handle !== handle || !isOpen(held, now)) return undefined;
    return this.#lease(held, now + ms);
  }

  /** Drops what is still known of a finished message. */
  forget(held: HeldMessage): void {
    for (const { handle } of held.deliveries.splice(0)) this.#byHandle.delete(handle);
    if (held.lease) this.#byHandle.delete(held.lease.handle);
  }

  #take(now: number, most: number): readonly Received[] {
    const { visibilityMs } = this.#options.settings();
    return [...this.#visible].slice(0, most).map((held) => {
      this.#visible.delete(held);
      this.#hidden.add(held);
      held.state = "hidden";
      held.timesDelivered += 1;
      held.firstDeliveredAt ??= now;
      const received = this.#lease(held, now + visibilityMs);
      held.deliveries.push({ at: now, until: received.until, handle: received.handle });
      const dropped = held.deliveries.length > DELIVERIES_KEPT ? held.deliveries.shift() : undefined;
      if (dropped) this.#byHandle.delete(dropped.handle);
      return received;
    });
  }

  #lease(held: HeldMessage, until: number): Received {
    const handle = `1-${randomBytes(24).toString("base64")}-${held.number}`;
    const old = held.lease?.handle;
    if (old !== undefined && !held.deliveries.some((delivery) => delivery.handle === old)) this.#byHandle.delete(old);
    held.lease = { handle, until };
    this.#byHandle.set(handle, held);
    this.#due(until);
    return { handle, until, held };
  }

  #show(held: HeldMessage): void {
    this.#hidden.delete(held);
    held.state = "visible";
    this.#visible.add(held);
    this.#wake();
  }

  #finish(held: HeldMessage, state: "confirmed" | "purged"): void {
    held.state = state;
    held.body = "";
    for (const set of [this.#visible, this.#hidden, this.#unfinished]) set.delete(held);
    this.#options.onFinished(held);
  }

  #due(at: number): void {
    this.#nextDue = Math.min(this.#nextDue, at);
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  async #change(ms: number, signal: AbortSignal): Promise<void> {
    const done = new AbortController();
    const stop = (): void => done.abort();
    signal.addEventListener("abort", stop, { once: true });
    await Promise.race([this.#changed.promise, sleep(Math.max(ms, 1), done.signal)]);
    signal.removeEventListener("abort", stop);
    done.abort();
  }
}

function isOpen(held: HeldMessage, now: number): boolean {
  return held.state === "hidden" && held.lease !== undefined && now < held.lease.until;
}
