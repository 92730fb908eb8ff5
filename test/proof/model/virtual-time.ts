type Timer = { readonly at: number; readonly run: () => void };

/** The real functions, saved before they are replaced. */
const real = { setTimeout, clearTimeout, random: Math.random, dateNow: Date.now, timeout: AbortSignal.timeout };

/**
 * Virtual time moves on only when nothing is left to do at the current moment. Hours pass in milliseconds. During a run
 * it replaces the timers, the monotonic clock, `Date.now` and `Math.random` of the whole process.
 */
export class VirtualTime {
  #now = 0;
  /** The next timer is the last. */
  readonly #agenda: Timer[] = [];
  #outside = 0;
  #cameIn = Promise.withResolvers<void>();
  readonly #startedAt: number;

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  readonly now = (): number => this.#now;

  /** Rounds up to whole milliseconds like Node's timers. A timer must never fire just before its moment. */
  after(ms: number, run: () => void): Timer {
    const timer = { at: this.#now + Math.max(0, Math.ceil(ms)), run };
    let index = this.#agenda.length;
    while (index > 0 && (this.#agenda[index - 1]?.at ?? Infinity) <= timer.at) index -= 1;
    this.#agenda.splice(index, 0, timer);
    return timer;
  }

  /** Virtual time stands still during this real work, such as a call to a server. */
  readonly outside = async <T>(doing: () => Promise<T>): Promise<T> => {
    this.#outside += 1;
    try {
      return await doing();
    } finally {
      this.#outside -= 1;
      if (this.#outside === 0) this.#cameIn.resolve();
    }
  };

  /**
   * Moves from step to step until `done` is true after one, or until `limitMs` are over. Resolves with whether it was
   * done.
   */
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

  /** Waits until all consequences of the last step have happened. */
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

/**
 * Lets the real event loop turn. Every promise that can continue has then continued, and all work gathered during a
 * turn was sent.
 */
async function turns(): Promise<void> {
  for (let n = 0; n < 3; n++) await new Promise((resolve) => setImmediate(resolve));
}
