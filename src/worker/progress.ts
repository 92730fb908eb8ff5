/** Watches that jobs are started. If none is, it rebuilds the queue's worker, and gives up if that does not help. */
import type { Logger } from "pino";
import type { Meter } from "../core/meter.ts";
import { type Problem, problems } from "../core/problems.ts";
import { Progress, type ProgressTerms, type Seen } from "../core/progress.ts";
import { sleep } from "../core/sleep.ts";
import type { RebuiltWorker } from "../queue/rebuilt-worker.ts";

export type ProgressOptions = {
  /** The number of jobs that could start now. Rejects if none can. */
  readonly startable: () => Promise<number>;
  readonly worker: Pick<RebuiltWorker, "started" | "hasPlace" | "rebuild">;
  readonly terms: ProgressTerms;
  readonly log: Logger;
  readonly meter: Meter;
  /** Called if rebuilding did not help. */
  readonly failed: (err: unknown) => void;
};

export type ProgressWatch = {
  readonly problems: () => readonly Problem[];
  stop(): void;
};

/** How long the problem stays visible, so that a person notices it and sees whether it happens again. */
const TOLD_FOR_MS = 600_000;

export function watchProgress({ startable, worker, terms, log, meter, failed }: ProgressOptions): ProgressWatch {
  const progress = new Progress(terms);
  const stopping = new AbortController();
  let rebuilt: { readonly at: number; readonly times: number } | undefined;
  let stuck: Problem | undefined;
  void lookOn(); // never rejects

  return {
    problems: () => [...(stuck ? [stuck] : []), ...rebuiltProblems()],
    stop: () => stopping.abort(),
  };

  function rebuiltProblems(): readonly Problem[] {
    if (!rebuilt || Date.now() - rebuilt.at > TOLD_FOR_MS) return [];
    return [problems.workerRebuilt(rebuilt.times, rebuilt.at)];
  }

  async function lookOn(): Promise<void> {
    while (!stopping.signal.aborted && !stuck) {
      await sleep(terms.lookMs, stopping.signal);
      const seen = await see();
      if (!stopping.signal.aborted) act(seen);
    }
  }

  async function see(): Promise<Seen | undefined> {
    try {
      return { startable: await startable(), hasPlace: worker.hasPlace(), started: worker.started() };
    } catch (err) {
      log.debug({ err }, "a look at what could start failed");
      return undefined;
    }
  }

  function act(seen: Seen | undefined): void {
    const verdict = progress.look(seen);
    if (verdict === "fine") return;
    const waiting = seen?.startable ?? 0;
    const { idleMs } = progress;
    if (verdict === "give-up") {
      stuck = problems.nothingStarts(waiting, idleMs);
      return failed(new Error(stuck.fact));
    }
    rebuilt = { at: Date.now(), times: (rebuiltProblems().length > 0 ? (rebuilt?.times ?? 0) : 0) + 1 };
    meter.count("worker_rebuilt", {});
    const { code, fact, fix } = problems.workerRebuilt(rebuilt.times, rebuilt.at);
    log.warn({ code, waiting, idleMs: Math.round(idleMs), fix }, fact);
    worker.rebuild();
  }
}
