/** Compares what the vendor, the workers and the handlers counted, each in processes of their own. */
import type { RunNote } from "../../support/script.ts";
import type { Pulled, Pushed, VendorCounts } from "./vendor-words.ts";
import type { WorkerCounts } from "./worker-counts.ts";

export type Counted = {
  /** How many were to be published. */
  readonly events: number;
  readonly vendor: VendorCounts;
  readonly pulled: readonly Pick<Pulled, "key" | "confirmedAt">[];
  readonly pushed: readonly Pushed[];
  readonly workers: Pick<WorkerCounts, "handled" | "taken">;
  /** The notes of the handlers. */
  readonly runs: readonly Pick<RunNote, "phase" | "key">[];
};

/** Empty if all counts agree. */
export function differencesIn({ events, vendor, pulled, pushed, workers, runs }: Counted): readonly string[] {
  const confirmed = pulled.filter(({ confirmedAt }) => confirmedAt !== undefined).length;
  const taken = pushed.filter(({ isTaken }) => isTaken).length;
  const successes = runs.filter(({ phase }) => phase === "success").length;
  const keys = new Set([...pulled, ...pushed].map(({ key }) => key));
  const strangers = new Set(runs.flatMap(({ key }) => (keys.has(key) ? [] : [key])));

  return [
    ...differ("events, of which the vendor published", events, vendor.pulled.published + vendor.pushed.published),
    ...differ("pulled events published, and records of", vendor.pulled.published, pulled.length),
    ...differ("pulled events confirmed, and records of", vendor.pulled.confirmed, confirmed),
    ...differ("pulled events open, and records of", vendor.pulled.unconfirmed, pulled.length - confirmed),
    ...differ("callbacks sent, and records of", vendor.pushed.published, pushed.length),
    ...differ("callbacks answered 200, and records of", vendor.pushed.confirmed, taken),
    ...differ("callbacks given up, and records of", vendor.pushed.lost, pushed.length - taken),
    ...differ("successes noted by the handlers, and counted by the workers", successes, workers.handled),
    // A vendor that waits no longer may miss a 200.
    ...(workers.taken < taken
      ? [`${taken} callbacks answered 200, of which the workers counted ${workers.taken}`]
      : []),
    ...[...strangers].map((key) => `a handler ran ${key}, which was never published`),
  ];
}

function differ(what: string, one: number, other: number): readonly string[] {
  return one === other ? [] : [`${one} ${what} ${other}`];
}
