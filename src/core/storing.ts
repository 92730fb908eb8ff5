import type { Logger } from "pino";
import { backoffMs } from "./backoff.ts";
import type { CallbackEvent } from "./event.ts";
import { sleep } from "./sleep.ts";

/** Stores successes. Retries until each is stored, since none may be lost. */
export class Storing {
  readonly #log: Pick<Logger, "error">;
  /** The successes that are not stored yet. Without their events, since a set keeps what it held for a while. */
  readonly #under = new Set<{ readonly since: number }>();

  constructor(log: Pick<Logger, "error">) {
    this.#log = log;
  }

  /** The time of the oldest success that is not stored yet. */
  get since(): number | undefined {
    return this.#under.size === 0 ? undefined : Math.min(...Array.from(this.#under, ({ since }) => since));
  }

  async untilStored<T>(event: CallbackEvent, write: () => Promise<T>): Promise<T> {
    const storing = { since: performance.now() };
    this.#under.add(storing);
    try {
      return await this.#writeAtLast(event, write);
    } finally {
      this.#under.delete(storing);
    }
  }

  async #writeAtLast<T>({ id }: CallbackEvent, write: () => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures++) {
      try {
        return await write();
      } catch (err) {
        this.#log.error({ err, id, failures }, "cannot store that the event was handled, trying again");
        await sleep(backoffMs(failures, { minMs: 100, maxMs: 2_000 }));
      }
    }
  }
}
