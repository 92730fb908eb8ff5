/** Checks the outcome of every event. */
import { limitBreaks } from "./limit-breaks.ts";
import { keyOf, runsByKey } from "./runs.ts";
import { type Seen, secondRuns } from "./second-runs.ts";
import type { Incident, Stage } from "./stage.ts";
import { isOfRedis, REDIS_EMPTY, VENDOR_SILENT } from "./troubles.ts";

export type Verdict = Counts & {
  /** The work that was still open when patience ended. */
  readonly stuck: readonly string[];
  readonly quietMs: number;
};

type Counts = {
  readonly published: number;
  readonly handled: number;
  readonly confirmed: number;
  /** Events that were confirmed without a handler's success, or never confirmed. */
  readonly lost: readonly string[];
  /** Events that were confirmed before their first success. */
  readonly early: readonly string[];
  /** The number of second runs by reason. */
  readonly extraRuns: ReadonlyMap<string, number>;
  /** Second runs without an allowed reason. */
  readonly unexplained: readonly string[];
  /** Events whose step took effect more often than second runs and lost data explain. */
  readonly chargedAgain: readonly string[];
  /** Runs beyond the concurrency limit, or out of their key's order. */
  readonly limitBreaks: readonly string[];
  /** The time from a kill to the next start of each interrupted event. Left out if anything else was struck in between. */
  readonly takenOverMs: readonly number[];
  /** The time from Redis's return to the next delivery or handler start. Left out if another trouble delayed these. */
  readonly resumedMs: readonly number[];
  /** The time from publishing to confirmation, for every event. */
  readonly unconfirmedMs: readonly number[];
  readonly incidents: ReadonlyMap<string, number>;
  /** Workers that ended unexpectedly. */
  readonly deaths: readonly string[];
};

export function verdictOf({ world, incidents, deaths }: Stage, events: number): Counts {
  const runs = runsByKey(world.runs());
  const seen = world.simulator.history({ limit: events }).map((event, n): Seen => {
    const { id, confirmedAt, publishedAt, deliveries } = event;
    const all = runs.get(keyOf(n)) ?? [];
    const succeededAt = Math.min(...all.flatMap(({ success }) => success ?? []));
    return { id, confirmedAt, publishedAt, deliveries, runs: all, succeededAt };
  });
  const confirmed = seen.filter(({ confirmedAt }) => confirmedAt !== undefined);
  const lost = seen.filter(({ confirmedAt, succeededAt }) => confirmedAt === undefined || succeededAt === Infinity);
  const early = confirmed.filter(({ confirmedAt = 0, succeededAt }) => confirmedAt < succeededAt);
  const again = seen.flatMap((event) => secondRuns(event, incidents));
  const charges = countBy(world.runs().flatMap(({ key, phase }) => (phase === "charge" ? [key] : [])));
  const emptied = incidents.filter(({ what }) => what === REDIS_EMPTY).length;
  const chargedAgain = seen.filter((event, n) => {
    // An attempt that is running when Redis loses its data cannot keep its result either.
    const explained = secondRuns(event, incidents).length + 2 * emptied;
    return (charges.get(keyOf(n)) ?? 0) > 1 + explained;
  });
  return {
    published: seen.length,
    handled: seen.filter(({ succeededAt }) => succeededAt < Infinity).length,
    confirmed: confirmed.length,
    lost: lost.map((event) => JSON.stringify(event)),
    early: early.map((event) => JSON.stringify(event)),
    extraRuns: countBy(again.map(({ why }) => why ?? "for no reason")),
    unexplained: again.filter(({ why }) => why === undefined).map(({ told }) => told),
    chargedAgain: chargedAgain.map((event) => JSON.stringify(event)),
    limitBreaks: limitBreaks(runs, incidents),
    takenOverMs: again.flatMap(({ takenOverMs }) => takenOverMs ?? []),
    resumedMs: resumptions(seen, incidents),
    unconfirmedMs: confirmed.map(({ confirmedAt = NaN, publishedAt }) => confirmedAt - publishedAt),
    incidents: countBy(incidents.map(({ what }) => what)),
    deaths,
  };
}

function resumptions(seen: readonly Seen[], incidents: readonly Incident[]): readonly number[] {
  const activity = seen
    .flatMap(({ runs, deliveries }) => [...runs.map(({ start }) => start), ...deliveries.map(({ at }) => at)])
    .toSorted((a, b) => a - b);
  const hindrances = incidents.filter(({ what }) => what === VENDOR_SILENT || isOfRedis(what));
  return incidents
    .filter(({ what }) => isOfRedis(what))
    .flatMap((incident) => {
      const next = activity.find((at) => at >= incident.until) ?? Infinity;
      const isHindered = hindrances.some(
        (other) => other !== incident && other.until >= incident.until && other.at <= next,
      );
      return isHindered || next === Infinity ? [] : [next - incident.until];
    });
}

function countBy(all: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}
