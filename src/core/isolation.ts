/**
 * An event that kills its process takes the other running events with it. The crash does not show which event did it.
 * An event that was running at too many crashes in a row runs alone in its process. An innocent event then ends
 * normally, and its count is reset. An event whose process crashes even then is parked.
 */
import type { Logger } from "pino";
import type { EventRef } from "./event.ts";
import { PermanentError } from "./errors.ts";
import { OFTEN } from "./log-groups.ts";
import { type Ended, endedAs } from "./runs.ts";

/** One start of an event's job. `attempt`: 1 for the first; crashes use none, so it may have several starts. */
export type JobStart = { readonly event: EventRef; readonly attempt: number; readonly start: number };

/** Of one attempt. `alone`: the starts that ran alone and are not known to have ended. */
export type CrashCount = { readonly crashes: number; readonly alone: number };

/** Counts how often a process crashed while an event ran, since its last attempt that ended. */
export interface Crashes {
  count(start: JobStart): Promise<CrashCount>;
  /** Records that the event begins to run alone. */
  startAlone(start: JobStart): Promise<void>;
  /** Records that an event running alone goes back to the queue because its process stops. */
  giveBack(start: JobStart): Promise<void>;
}

export type IsolationOptions = {
  readonly crashes: Crashes;
  readonly maxCrashes: number;
  /** False: this process must start no more events. Any event that still arrives goes back to the queue. */
  readonly takeMore: (isWanted: boolean) => void;
};

type Run = {
  readonly event: EventRef;
  readonly attempt: { readonly number: number; readonly startAfterStall?: number | undefined };
  readonly stopping: AbortSignal;
  readonly log: () => Logger;
  /** Whether an earlier run succeeded, so that no handler has to run. */
  readonly hasRun: () => Promise<boolean>;
  /** `poison`: the event is parked with this reason and does not run. `isAlone`: nothing may run beside it. */
  readonly start: (how?: { readonly poison?: Error; readonly isAlone?: boolean }) => Promise<Ended>;
};

/** A single crash may be a coincidence, such as a process killed by a person. */
const MAX_ALONE = 2;
const RETURNED = endedAs({ kind: "returned" });

export class Isolation {
  readonly #options: IsolationOptions;
  #running = 0;
  /** True while an event runs alone, or waits for the others to end. */
  #isTaken = false;
  #emptied = (): void => {};

  constructor(options: IsolationOptions) {
    this.#options = options;
  }

  async run(run: Run): Promise<Ended> {
    const suspicion = this.#isTaken ? undefined : await this.#suspicionOf(run);
    if (this.#isTaken) return RETURNED;
    if (!suspicion) return await this.#runTogether(run.start);
    const { suspect, count } = suspicion;
    if (count.alone >= MAX_ALONE) return await run.start({ poison: poisonError(count) });
    return await this.#runAlone(run, suspect, count);
  }

  /** Undefined if the event may run beside others. */
  async #suspicionOf(run: Run): Promise<{ readonly suspect: JobStart; readonly count: CrashCount } | undefined> {
    const suspect = suspectOf(run);
    if (!suspect) return undefined;
    const count = await this.#options.crashes.count(suspect);
    if (count.crashes < this.#options.maxCrashes) return undefined;
    // Ask before waiting for the others: a succeeded event need not wait, and Redis may lose that fact meanwhile.
    return (await run.hasRun()) ? undefined : { suspect, count };
  }

  async #runTogether(start: Run["start"]): Promise<Ended> {
    this.#running += 1;
    try {
      return await start();
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#emptied();
    }
  }

  async #runAlone({ stopping, log, start }: Run, suspect: JobStart, count: CrashCount): Promise<Ended> {
    const { crashes, takeMore } = this.#options;
    this.#isTaken = true;
    takeMore(false);
    try {
      await this.#othersEnded(stopping);
      if (stopping.aborted) return RETURNED;
      if (count.alone === 0)
        log().warn(
          { ...OFTEN, crashes: count.crashes },
          "its process crashed again and again while this event ran, so it runs alone in its process now",
        );
      await crashes.startAlone(suspect);
      const ended = await start({ isAlone: true });
      if (isUnharmed(ended)) await this.#giveBack(suspect, log);
      return ended;
    } finally {
      this.#isTaken = false;
      takeMore(true);
    }
  }

  /** If the store does not answer, this start counts as a crash. A failed attempt would do more harm. */
  async #giveBack(suspect: JobStart, log: Run["log"]): Promise<void> {
    try {
      await this.#options.crashes.giveBack(suspect);
    } catch (err) {
      log().warn({ err }, "cannot note that it was given up to stop in time: it counts as a crash");
    }
  }

  async #othersEnded(stopping: AbortSignal): Promise<void> {
    if (this.#running === 0 || stopping.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#emptied = resolve;
    stopping.addEventListener("abort", () => resolve(), { once: true });
    await promise;
  }
}

/** The start ended normally, even if the attempt failed. */
function isUnharmed({ outcome }: Ended): boolean {
  return (
    outcome.kind === "returned" ||
    outcome.kind === "held" ||
    (outcome.kind === "retry" && outcome.usesAttempt === false)
  );
}

/** Undefined if every earlier start of the job ended. */
function suspectOf({ event, attempt: { number, startAfterStall } }: Run): JobStart | undefined {
  return startAfterStall === undefined ? undefined : { event, attempt: number, start: startAfterStall };
}

function poisonError({ crashes, alone }: CrashCount): Error {
  return new PermanentError(
    `its process crashed ${crashes} times in a row while this event ran, the last ${alone} times with nothing else running: find the cause in the log of the process that ended, then retry the event`,
  );
}
