/**
 * The runs of this process, each until its end is written down. When a job lock is lost (Redis was away) the queue
 * starts the job again: the second start joins the first run instead of beginning beside it.
 *
 * After Redis lost its data an event that runs comes again, mostly under a new id; it joins by its fingerprint. It
 * takes the run over only if the record of the earlier one was lost meanwhile. Otherwise it is another event with the
 * same body, which happened after the run began, and it runs by itself afterwards.
 */
import type { CallbackEvent } from "./event.ts";

export type Outcome =
  | { readonly kind: "handled" }
  | { readonly kind: "dropped" }
  /** `usesAttempt`: false if it was only put off. */
  | { readonly kind: "retry"; readonly error: Error; readonly afterMs: number; readonly usesAttempt?: false }
  | { readonly kind: "parked"; readonly error: Error }
  /** A limit does not let it start now: it is put off, without using an attempt. Without a time until there is a place. */
  | { readonly kind: "held"; readonly afterMs?: number }
  /** The process is stopping: back into the queue, without using an attempt. */
  | { readonly kind: "returned" };

/** `isLost`: the handler succeeded, and the record of the event is gone. */
export type Ended = { readonly outcome: Outcome; readonly isLost: boolean };

export function endedAs(outcome: Outcome): Ended {
  return { outcome, isLost: false };
}

type Run = { readonly id: string; readonly ended: Promise<Ended> };

export type RunOptions = {
  readonly start: () => Promise<Ended>;
  /** Whether a run without a record of its own counts for this event. */
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
      // Its record may have come back since, and still says that the event has not run.
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

/** Identical pushed bodies may be two events; pulled ones under way at the same time never are, the ledger sees to that. */
function keyOf({ door, fingerprint, id }: CallbackEvent): string {
  return door === "pull" ? fingerprint : id;
}
