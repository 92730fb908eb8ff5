/**
 * The runs of this process. Each stays here until its end is recorded. When a job lock is lost because Redis was away,
 * the queue starts the job again. The second start then joins the first run instead of running beside it.
 *
 * After Redis lost its data, a running event comes again, usually under a new id. It joins by its fingerprint. It takes
 * the run over only if the record of the earlier event was lost meanwhile. Otherwise it is another event with the same
 * body, which happened after the run began. That event runs by itself afterwards.
 */
import type { CallbackEvent } from "./event.ts";

export type Outcome =
  | { readonly kind: "handled" }
  | { readonly kind: "dropped" }
  /** `usesAttempt`: false if it was only postponed. */
  | { readonly kind: "retry"; readonly error: Error; readonly afterMs: number; readonly usesAttempt?: false }
  | { readonly kind: "parked"; readonly error: Error }
  /** A limit holds the event. It uses no attempt. Without `afterMs` the event waits for a place. */
  | { readonly kind: "held"; readonly afterMs?: number }
  /** The process is stopping: back into the queue, without using an attempt. */
  | { readonly kind: "returned" };

/** `isLost`: the handler succeeded, but the record of the event is gone. */
export type Ended = { readonly outcome: Outcome; readonly isLost: boolean };

export function endedAs(outcome: Outcome): Ended {
  return { outcome, isLost: false };
}

type Run = { readonly id: string; readonly ended: Promise<Ended> };

export type RunOptions = {
  readonly start: () => Promise<Ended>;
  /** Whether a run without its own record counts for this event. */
  readonly takeOver: () => Promise<boolean>;
};

export class Runs {
  readonly #runs = new Map<string, Run>();

  get count(): number {
    return this.#runs.size;
  }

  /** Starts a run, or joins the one that is under way. */
  async join(event: CallbackEvent, options: RunOptions): Promise<Outcome> {
    const key = keyOf(event);
    const known = this.#runs.get(key);
    if (known) {
      const { outcome, isLost } = await known.ended;
      // The record may have returned meanwhile. It still says that the event has not run.
      const isTaken = isLost && (await options.takeOver());
      return isTaken || known.id === event.id ? outcome : await this.join(event, options);
    }
    const ended = options.start().finally(() => this.#runs.delete(key));
    this.#runs.set(key, { id: event.id, ended });
    return (await ended).outcome;
  }

  /** Adds a run that is part of a batch. False if the event already runs here. */
  add(event: CallbackEvent, ended: Promise<Ended>): boolean {
    const key = keyOf(event);
    if (this.#runs.has(key)) return false;
    this.#runs.set(key, { id: event.id, ended: ended.finally(() => this.#runs.delete(key)) });
    return true;
  }

  /** Resolves when every run has ended. */
  async end(): Promise<void> {
    await Promise.allSettled([...this.#runs.values()].map(({ ended }) => ended));
  }
}

/**
 * Identical pushed bodies may be two events. Identical pulled ones under way at once never are: the ledger ensures
 * that.
 */
function keyOf({ door, fingerprint, id }: CallbackEvent): string {
  return door === "pull" ? fingerprint : id;
}
