/**
 * The events of one application: which are visible, which are hidden by an open window, which handle is valid.
 *
 * visible -> taken -> hidden until `at + windowMs` -> visible again under its next handle, or confirmed before that.
 * Only the newest handle of an event confirms it, and only while its window is open. Every step costs constant time,
 * apart from events that are purged, which cost once each.
 */
import { Fifo } from "../kit/fifo.ts";
import { DELIVERIES_KEPT, type DeliveryRecord } from "../kit/held.ts";
import type { HeldEvent } from "./held-event.ts";
import type { Settings } from "./settings.ts";

export type Taken = { readonly handle: string; readonly held: HeldEvent };

type EventQueueOptions = {
  readonly settings: () => Settings;
  readonly nextHandle: () => string;
  /** Called once per event, when it is confirmed or purged. */
  readonly onFinished: (held: HeldEvent) => void;
};

export class EventQueue {
  readonly #options: EventQueueOptions;
  /** May still hold events that were confirmed or purged since; they are skipped. */
  readonly #ready = new Fifo<HeldEvent>();
  /** By window length, since windows of one length close in the order they opened. */
  readonly #windows = new Map<number, Fifo<{ readonly delivery: DeliveryRecord; readonly held: HeldEvent }>>();
  readonly #byHandle = new Map<string, HeldEvent[]>();
  /** In the order of their publication. */
  readonly #unfinished = new Set<HeldEvent>();
  #visible = 0;
  #purgeAt = Infinity;

  constructor(options: EventQueueOptions) {
    this.#options = options;
  }

  get unconfirmed(): number {
    return this.#unfinished.size;
  }

  get visible(): number {
    return this.#visible;
  }

  add(held: HeldEvent): void {
    this.#unfinished.add(held);
    this.#purgeAt = Math.min(this.#purgeAt, held.publishedAt + this.#options.settings().retentionMs);
    this.#show(held);
  }

  /** Brings visibility and retention up to `now`. All other methods rely on that. */
  refresh(now: number): void {
    for (const [length, windows] of this.#windows) {
      for (let next = windows.peek(); next && next.delivery.until <= now; next = windows.peek()) {
        windows.shift();
        const { held, delivery } = next;
        if (held.state === "hidden" && held.deliveries.at(-1) === delivery) this.#show(held);
      }
      if (!windows.peek()) this.#windows.delete(length);
    }
    if (this.#purgeAt <= now) this.#purge(now);
  }

  /** When the next hidden event may become visible; Infinity when none is hidden. */
  nextVisibleAt(): number {
    let at = Infinity;
    for (const windows of this.#windows.values()) at = Math.min(at, windows.peek()?.delivery.until ?? Infinity);
    return at;
  }

  /** Delivers up to `most` visible events. `again`: they stay visible, as in a vendor's duplicate delivery. */
  take(now: number, most: number, how: { readonly newestFirst: boolean; readonly again: boolean }): readonly Taken[] {
    const taken: Taken[] = [];
    while (taken.length < most) {
      const held = how.newestFirst ? this.#ready.pop() : this.#ready.shift();
      if (!held) break;
      if (held.state === "visible") taken.push({ handle: this.#deliver(held, now), held });
    }
    if (how.again) for (const { held } of taken) this.#show(held);
    return taken;
  }

  isGood(handle: string, now: number): boolean {
    return this.#byHandle.get(handle)?.some((held) => isOpen(held, handle, now)) ?? false;
  }

  /** Confirms the events of a valid handle: usually one. */
  confirm(handle: string, now: number): void {
    const open = this.#byHandle.get(handle)?.filter((held) => isOpen(held, handle, now)) ?? [];
    if (open.length === 0) this.noteRepeat(handle);
    for (const held of open) {
      held.confirmations += 1;
      held.confirmedAt = now;
      this.#finish(held, "confirmed");
    }
  }

  /** Counts the confirmation of an event that is confirmed already. */
  noteRepeat(handle: string): void {
    for (const held of this.#byHandle.get(handle) ?? []) {
      if (held.confirmedAt !== undefined && held.deliveries.at(-1)?.handle === handle) held.confirmations += 1;
    }
  }

  /** Forgets a finished event. */
  forget(held: HeldEvent): void {
    for (const { handle } of held.deliveries.splice(0)) this.#unlink(held, handle);
  }

  /** Called when the retention changed: looks again. */
  retentionChanged(): void {
    this.#purgeAt = 0;
  }

  #deliver(held: HeldEvent, now: number): string {
    const { windowMs, handles } = this.#options.settings();
    const first = held.deliveries[0]?.handle;
    const handle = (handles === "same" ? first : undefined) ?? this.#firstHandle(held) ?? this.#options.nextHandle();
    const delivery = { at: now, until: now + windowMs, handle };
    this.#visible -= 1;
    held.state = "hidden";
    held.timesDelivered += 1;
    held.deliveries.push(delivery);
    if (held.deliveries.length > DELIVERIES_KEPT) {
      const dropped = held.deliveries.shift();
      if (dropped && dropped.handle !== handle) this.#unlink(held, dropped.handle);
    }
    const known = this.#byHandle.get(handle);
    if (!known) this.#byHandle.set(handle, [held]);
    else if (!known.includes(held)) known.push(held);
    const windows = this.#windows.get(windowMs) ?? new Fifo();
    this.#windows.set(windowMs, windows);
    windows.push({ delivery, held });
    return handle;
  }

  #firstHandle(held: HeldEvent): string | undefined {
    return held.timesDelivered === 0 ? held.givenHandle : undefined;
  }

  #show(held: HeldEvent): void {
    held.state = "visible";
    this.#visible += 1;
    this.#ready.push(held);
  }

  #purge(now: number): void {
    const { retentionMs } = this.#options.settings();
    this.#purgeAt = Infinity;
    for (const held of this.#unfinished) {
      const due = held.publishedAt + retentionMs;
      if (due > now) {
        this.#purgeAt = due;
        break;
      }
      held.purgedAt = due;
      this.#finish(held, "purged");
    }
    for (let next = this.#ready.peek(); next && next.state !== "visible"; next = this.#ready.peek())
      this.#ready.shift();
  }

  #finish(held: HeldEvent, state: "confirmed" | "purged"): void {
    if (held.state === "visible") this.#visible -= 1;
    held.state = state;
    held.rest = "";
    this.#unfinished.delete(held);
    this.#options.onFinished(held);
  }

  #unlink(held: HeldEvent, handle: string): void {
    const others = (this.#byHandle.get(handle) ?? []).filter((other) => other !== held);
    if (others.length > 0) this.#byHandle.set(handle, others);
    else this.#byHandle.delete(handle);
  }
}

function isOpen(held: HeldEvent, handle: string, now: number): boolean {
  const newest = held.deliveries.at(-1);
  return (
    held.confirmedAt === undefined && held.purgedAt === undefined && newest?.handle === handle && now < newest.until
  );
}
