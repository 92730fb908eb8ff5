/**
 * One simulated queue: visible -> received -> hidden until its window closes -> visible again, or deleted before that.
 * Every delivery makes a new handle, and voids the one before. `QueueTraits` say what else a handle can do.
 */
import { sleep } from "../../core/sleep.ts";
import { DELIVERIES_KEPT } from "./held.ts";
import type { Message } from "./message.ts";

/** How one vendor's queues differ from another's. */
export type QueueTraits = {
  readonly newHandle: (message: Message) => string;
  /** A change of visibility makes a new handle too. */
  readonly extensionVoidsHandle: boolean;
  /** The newest handle deletes its message even after its window closed. */
  readonly deletesLate: boolean;
};

export type Received = { readonly handle: string; readonly until: number; readonly message: Message };

type QueueOptions = {
  readonly traits: QueueTraits;
  /** `longPolls`: the most calls that are held at the same time. Further calls are answered at once. */
  readonly settings: () => { readonly retentionMs: number; readonly longPolls: number };
  /** Called once per message, when it is deleted or purged. */
  readonly onFinished: (message: Message) => void;
};

type Reception = {
  readonly most: number;
  readonly waitMs: number;
  /** How long a received message stays hidden. */
  readonly windowMs: number;
  readonly signal: AbortSignal;
};

export class Queue {
  readonly #options: QueueOptions;
  /** Both sets are in the order in which the messages became visible or hidden. */
  readonly #visible = new Set<Message>();
  readonly #hidden = new Set<Message>();
  /** In the order of their publication. */
  readonly #unfinished = new Set<Message>();
  readonly #byHandle = new Map<string, Message>();
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

  add(message: Message): void {
    this.#unfinished.add(message);
    this.#due(message.publishedAt + this.#options.settings().retentionMs);
    this.#show(message);
  }

  /** Brings visibility and retention up to date. All other methods rely on that. */
  refresh(now: number): void {
    if (now < this.#nextDue) return;
    const { retentionMs } = this.#options.settings();
    this.#nextDue = Infinity;
    for (const message of this.#unfinished) {
      const end = message.publishedAt + retentionMs;
      if (end > now) {
        this.#due(end);
        break;
      }
      message.purgedAt = end;
      this.#finish(message, "purged");
    }
    for (const message of this.#hidden) {
      const until = message.lease?.until ?? 0;
      if (until <= now) this.#show(message);
      else this.#due(until);
    }
  }

  /** Called when a setting changed: looks again at once. */
  settingsChanged(): void {
    this.#nextDue = 0;
    this.#wake();
  }

  /** Answers at once with visible messages. Else it holds the call until one becomes visible, or the wait ends. */
  async receive({ most, waitMs, windowMs, signal }: Reception): Promise<readonly Received[]> {
    const end = Date.now() + waitMs;
    const isHeld = waitMs > 0 && this.#held < this.#options.settings().longPolls;
    this.#held += Number(isHeld);
    try {
      while (!signal.aborted) {
        const now = Date.now();
        this.refresh(now);
        const received = this.#take(now, most, windowMs);
        if (received.length > 0 || !isHeld || now >= end) return received;
        await this.#change(Math.min(end, this.#nextDue) - now, signal);
      }
      return [];
    } finally {
      this.#held -= Number(isHeld);
    }
  }

  /** True if the handle deleted its message. */
  remove(handle: string, now: number): boolean {
    const message = this.#byHandle.get(handle);
    if (!message || message.lease?.handle !== handle) return false;
    if (message.confirmedAt !== undefined) message.confirmations += 1;
    const isLate = this.#options.traits.deletesLate && message.state === "visible";
    if (!isLate && !isOpen(message, now)) return false;
    message.confirmations = 1;
    message.confirmedAt = now;
    this.#finish(message, "confirmed");
    return true;
  }

  /** Whether the message still exists, even if this handle is outdated. */
  knows(handle: string): boolean {
    const state = this.#byHandle.get(handle)?.state;
    return state === "visible" || state === "hidden";
  }

  /** The handle that is valid from now on. Undefined if the given one is void. */
  extend(handle: string, ms: number, now: number): Received | undefined {
    const message = this.#byHandle.get(handle);
    if (!message || message.lease?.handle !== handle || !isOpen(message, now)) return undefined;
    const { extensionVoidsHandle, newHandle } = this.#options.traits;
    return this.#lease(message, extensionVoidsHandle ? newHandle(message) : handle, now + ms);
  }

  /** Forgets a finished message. */
  forget(message: Message): void {
    for (const { handle } of message.deliveries.splice(0)) this.#byHandle.delete(handle);
    if (message.lease) this.#byHandle.delete(message.lease.handle);
  }

  #take(now: number, most: number, windowMs: number): readonly Received[] {
    return [...this.#visible].slice(0, most).map((message) => {
      this.#visible.delete(message);
      this.#hidden.add(message);
      message.state = "hidden";
      message.timesDelivered += 1;
      message.firstDeliveredAt ??= now;
      const received = this.#lease(message, this.#options.traits.newHandle(message), now + windowMs);
      message.deliveries.push({ at: now, until: received.until, handle: received.handle });
      const dropped = message.deliveries.length > DELIVERIES_KEPT ? message.deliveries.shift() : undefined;
      if (dropped) this.#byHandle.delete(dropped.handle);
      return received;
    });
  }

  #lease(message: Message, handle: string, until: number): Received {
    const old = message.lease?.handle;
    const isTold = old === handle || message.deliveries.some((delivery) => delivery.handle === old);
    if (old !== undefined && !isTold) this.#byHandle.delete(old);
    message.lease = { handle, until };
    this.#byHandle.set(handle, message);
    this.#due(until);
    return { handle, until, message };
  }

  #show(message: Message): void {
    this.#hidden.delete(message);
    message.state = "visible";
    this.#visible.add(message);
    this.#wake();
  }

  #finish(message: Message, state: "confirmed" | "purged"): void {
    message.state = state;
    message.body = "";
    for (const set of [this.#visible, this.#hidden, this.#unfinished]) set.delete(message);
    this.#options.onFinished(message);
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

function isOpen(message: Message, now: number): boolean {
  return message.state === "hidden" && message.lease !== undefined && now < message.lease.until;
}
