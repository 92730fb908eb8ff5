import type { EventRef, CallbackEvent } from "../../../src/core/event.ts";
import type { Entry, Limited } from "../../../src/core/limits.ts";
import type { Link } from "./link.ts";
import { OrderWatch } from "./order-watch.ts";
import type { Schedule } from "./schedule.ts";

type Run = { readonly link: Link; readonly id: string; readonly key: string | undefined };

type Options = {
  readonly schedule: Schedule;
  readonly limitedOf: (event: Pick<CallbackEvent, "vendor" | "type" | "body">) => Limited | undefined;
  readonly violated: (what: string) => void;
};

/**
 * Checks the limits. No more runs at once than allowed, no more starts per second than allowed, and events of one key
 * run one after another in order. An event whose lock was lost during its run is excused.
 */
export class LimitWatch {
  readonly #options: Options;
  readonly #runs = new Set<Run>();
  readonly #lost = new Set<string>();
  readonly #carried = new Map<string, readonly CallbackEvent[]>();
  readonly #forgets: boolean;
  readonly #order: OrderWatch;
  /** The starts of the last second, by the store's clock. */
  #starts: number[] = [];

  constructor(options: Options) {
    this.#options = options;
    const happens = (trouble: string): boolean => options.schedule.troubles.some(({ what }) => what === trouble);
    // After that, nobody knows which events run and which came first.
    this.#forgets = happens("empty");
    this.#order = new OrderWatch((what) => {
      if (!this.#forgets) options.violated(what);
    });
  }

  /** From now on the event may be taken in. */
  happened(fingerprint: string, event: Pick<CallbackEvent, "vendor" | "type" | "body">): void {
    const { key } = this.#options.limitedOf(event) ?? {};
    if (key !== undefined) this.#order.happened(fingerprint, key);
  }

  takenIn(id: string, fingerprint: string): void {
    this.#order.takenIn(id, fingerprint);
  }

  /** The gate has decided. `at` is by the store's clock. */
  entered({ id }: Pick<EventRef, "id">, { limits, key }: Limited, kind: Entry["kind"], at: number): void {
    if (key !== undefined) this.#order.entered(id, key, kind === "go");
    if (kind === "go" && limits.perSecond !== undefined) this.#started(id, Math.floor(limits.perSecond) + 1, at);
  }

  left(id: string, how: "done" | "rest" | "back"): void {
    if (how === "done") this.#order.left(id);
  }

  /** A process has taken the event's job. */
  taken(id: string): void {
    this.#order.taken(id);
  }

  failed(id: string, isTriedAgain: boolean): void {
    if (this.#lost.has(id)) return;
    if (isTriedAgain) this.#order.failed(id);
    else this.over(id, "parked");
  }

  /** The event has succeeded or is parked. A parked event may still hold its key. */
  over(id: string, how: "succeeded" | "parked"): void {
    if (how === "succeeded" || this.#options.schedule.limits?.afterParked !== "holds") this.#order.over(id);
  }

  /** An operator acted on the event. */
  touched(id: string): void {
    this.#order.excuse(id);
  }

  /** The handler begins. Call the result when the handler has ended. */
  begins(link: Link, event: CallbackEvent): () => void {
    const { limitedOf, violated } = this.#options;
    const limited = limitedOf(event);
    const { id } = event;
    const run: Run = { link, id, key: limited?.key };
    this.#runs.add(run);
    const counted = [...this.#runs].filter((one) => !one.link.dead && !this.#lost.has(one.id));
    const { concurrency = Infinity } = limited?.limits ?? {};
    if (!this.#forgets && new Set(counted.map((one) => one.id)).size > concurrency)
      violated(`${id} runs beside ${concurrency} others, of which so many may`);
    const beside = counted.find((one) => run.key !== undefined && one.key === run.key && one.id !== id);
    if (!this.#forgets && beside && !this.#lost.has(id)) violated(`${id} runs beside ${beside.id} of its key`);
    return () => void this.#runs.delete(run);
  }

  /** The run also handles these events. */
  carries(id: string, others: readonly CallbackEvent[]): void {
    this.#carried.set(id, others);
  }

  carriedBy(id: string): readonly CallbackEvent[] {
    return this.#carried.get(id) ?? [];
  }

  /** The lock ran out while the process was alive, so the event may run twice at the same time. */
  lostLock(id: string): void {
    this.#lost.add(id);
    this.#order.excuse(id);
  }

  #started(id: string, most: number, at: number): void {
    // After the clock was set back, earlier starts say nothing.
    this.#starts = [...this.#starts.filter((start) => start > at - 1_000 && start <= at), at];
    if (!this.#forgets && this.#starts.length > most)
      this.#options.violated(`${id} is start ${this.#starts.length} in a second, of which ${most} may be`);
  }
}
