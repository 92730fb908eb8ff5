/** One application of the account: its queue, its event settings, and the pulls that wait on it. */
import { EventQueue, type Taken } from "./event-queue.ts";
import type { HeldEvent } from "./held-event.ts";
import type { Settings } from "./settings.ts";

/** Most events of one pull and most handles of one confirmation. */
export const BATCH = 16;

export type EventConfig = Pick<Settings, "mode" | "switches"> & { readonly notificationUrl: string };

type ApplicationOptions = {
  readonly settings: () => Settings;
  readonly nextHandle: () => string;
  readonly onFinished: (held: HeldEvent) => void;
  /** How the next pull that finds something delivers it. */
  readonly howToTake: () => { readonly newestFirst: boolean; readonly again: boolean };
};

type Waiter = { readonly answer: (taken: readonly Taken[]) => void };

export class Application {
  readonly queue: EventQueue;
  #config: EventConfig;
  readonly #options: ApplicationOptions;
  readonly #waiters = new Set<Waiter>();
  #wakeTimer: NodeJS.Timeout | undefined;
  #wakeIsDue = false;

  constructor(options: ApplicationOptions) {
    this.#options = options;
    this.queue = new EventQueue(options);
    const { mode, switches } = options.settings();
    this.#config = { mode, switches, notificationUrl: "" };
  }

  get config(): EventConfig {
    return this.#config;
  }

  configure(changes: Partial<EventConfig>): void {
    this.#config = { ...this.#config, ...changes };
    this.#wakeSoon();
  }

  add(held: HeldEvent): void {
    this.queue.add(held);
    this.#wakeSoon();
  }

  /**
   * Answers at once if events are visible. Otherwise it waits for the length of the long poll. A pull whose client has
   * gone takes nothing. In PUSH mode no event can be pulled. The vendor does not document its answer then, and an empty
   * queue is the likeliest. Here the events are not pushed: they wait for PULL mode.
   */
  async pull(signal: AbortSignal): Promise<readonly Taken[]> {
    if (signal.aborted) return [];
    const taken = this.#take();
    const { longPollMs } = this.#options.settings();
    if (taken.length > 0 || longPollMs === 0) return taken;
    return new Promise((resolve) => {
      const answer = (found: readonly Taken[]): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", giveUp);
        this.#waiters.delete(waiter);
        resolve(found);
      };
      const giveUp = (): void => answer([]);
      const timer = setTimeout(giveUp, longPollMs);
      signal.addEventListener("abort", giveUp, { once: true });
      const waiter = { answer };
      this.#waiters.add(waiter);
      this.#sleepUntilVisible();
    });
  }

  close(): void {
    for (const waiter of this.#waiters) waiter.answer([]);
    clearTimeout(this.#wakeTimer);
  }

  #take(): readonly Taken[] {
    const now = Date.now();
    this.queue.refresh(now);
    if (this.#config.mode === "PUSH" || this.queue.visible === 0) return [];
    const taken = this.queue.take(now, BATCH, this.#options.howToTake());
    this.#sleepUntilVisible();
    return taken;
  }

  /** Events published in one go reach the waiting pull as one batch. */
  #wakeSoon(): void {
    if (this.#wakeIsDue || this.#waiters.size === 0) return;
    this.#wakeIsDue = true;
    queueMicrotask(() => {
      this.#wakeIsDue = false;
      this.#wake();
    });
  }

  #wake(): void {
    for (const waiter of this.#waiters) {
      const taken = this.#take();
      if (taken.length === 0) break;
      waiter.answer(taken);
    }
    this.#sleepUntilVisible();
  }

  #sleepUntilVisible(): void {
    clearTimeout(this.#wakeTimer);
    const at = this.queue.nextVisibleAt();
    if (this.#waiters.size === 0 || at === Infinity) return;
    this.#wakeTimer = setTimeout(() => this.#wake(), Math.max(1, at - Date.now()));
  }
}
