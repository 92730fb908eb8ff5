type Timer = { readonly at: number; readonly run: () => void };

/** Taken before anything is replaced. */
const real = { setTimeout, clearTimeout, random: Math.random, dateNow: Date.now, timeout: AbortSignal.timeout };

/**
 * Time that passes only when nothing is left to do at a moment: hours in milliseconds. While it runs, timers, the monotonic
 * clock, `Date.now` and `Math.random` of the whole process are its own.
 */
export class VirtualTime {
  #now = 0;
  /** The next is the last. */
  readonly #agenda: Timer[] = [];
  #outside = 0;
  #cameIn = Promise.withResolvers<void>();
  readonly #startedAt: number;

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  readonly now = (): number => this.#now;

  /** In whole milliseconds, as Node's timers: who waits for a moment must never wake just before it. */
  after(ms: number, run: () => void): Timer {
    const timer = { at: this.#now + Math.max(0, Math.ceil(ms)), run };
    let index = this.#agenda.length;
    while (index > 0 && (this.#agenda[index - 1]?.at ?? Infinity) <= timer.at) index -= 1;
    this.#agenda.splice(index, 0, timer);
    return timer;
  }

  /** Time stands still while this is under way: something real, such as a call to a server. */
  readonly outside = async <T>(doing: () => Promise<T>): Promise<T> => {
    this.#outside += 1;
    try {
      return await doing();
    } finally {
      this.#outside -= 1;
      if (this.#outside === 0) this.#cameIn.resolve();
    }
  };

  /** Step by step, until `done` says so after one of them, or `limitMs` are over; whether it was done. */
  async run(limitMs: number, random: () => number, done: () => boolean): Promise<boolean> {
    this.#install(random);
    try {
      await this.#settle();
      for (let next = this.#agenda.pop(); next && next.at <= limitMs; next = this.#agenda.pop()) {
        this.#now = next.at;
        next.run();
        await this.#settle();
        if (done()) return true;
      }
      return false;
    } finally {
      uninstall();
    }
  }

  /** Until all that follows from the last step has happened. */
  async #settle(): Promise<void> {
    await turns();
    while (this.#outside > 0) {
      this.#cameIn = Promise.withResolvers();
      await this.#cameIn.promise;
      await turns();
    }
  }

  #install(random: () => number): void {
    const setVirtual = (run: (...args: readonly unknown[]) => void, ms = 0, ...args: readonly unknown[]): Timer =>
      this.after(ms, () => run(...args));
    const clearVirtual = (timer: Timer): void => {
      const index = this.#agenda.indexOf(timer);
      if (index !== -1) this.#agenda.splice(index, 1);
    };
    Object.assign(globalThis, { setTimeout: setVirtual, clearTimeout: clearVirtual });
    Object.assign(performance, { now: this.now });
    Object.assign(Date, { now: () => this.#startedAt + this.#now });
    Object.assign(Math, { random });
    Object.assign(AbortSignal, {
      timeout: (ms: number) => {
        const controller = new AbortController();
        this.after(ms, () => controller.abort(new Error("the time is up")));
        return controller.signal;
      },
    });
  }
}

function uninstall(): void {
  Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
  Reflect.deleteProperty(performance, "now");
  Object.assign(Date, { now: real.dateNow });
  Object.assign(Math, { random: real.random });
  Object.assign(AbortSignal, { timeout: real.timeout });
}

/** Real turns of the event loop: every promise that can go on has gone on, and what gathers during one turn has gone out. */
async function turns(): Promise<void> {
  for (let n = 0; n < 3; n++) await new Promise((resolve) => setImmediate(resolve));
}
