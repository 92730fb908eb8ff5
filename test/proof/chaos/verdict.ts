/** Every event is asked what became of it. */
import { limitBreaks } from "./limit-breaks.ts";
import { keyOf, runsByKey } from "./runs.ts";
import { type Seen, secondRuns } from "./second-runs.ts";
import type { Incident, Stage } from "./stage.ts";
import { isOfRedis, REDIS_EMPTY, VENDOR_SILENT } from "./troubles.ts";

export type Verdict = Counts & {
  /** What was still under way when patience ended. */
  readonly stuck: readonly string[];
  readonly quietMs: number;
};

type Counts = {
  readonly published: number;
  readonly handled: number;
  readonly confirmed: number;
  /** Confirmed, and no handler ever succeeded; or never confirmed. */
  readonly lost: readonly string[];
  /** Confirmed before the first success. */
  readonly early: readonly string[];
  /** Second runs by what they are for. */
  readonly extraRuns: ReadonlyMap<string, number>;
  /** Second runs that are for nothing. */
  readonly unexplained: readonly string[];
  /** Their step had its effect once more than second runs and lost data explain. */
  readonly chargedAgain: readonly string[];
  /** More at once than the limits allow, or out of a key's order. */
  readonly limitBreaks: readonly string[];
  /** From a kill to the next start of each event that it interrupted, if nothing else was struck in between. */
  readonly takenOverMs: readonly number[];
  /** From Redis's return to the next delivery or start of a handler, where nothing else kept these from coming. */
  readonly resumedMs: readonly number[];
  /** From being published to being confirmed, of all. */
  readonly unconfirmedMs: readonly number[];
  readonly incidents: ReadonlyMap<string, number>;
  /** Workers that ended though nobody ended them. */
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
    // The attempt that runs meanwhile can keep nothing either.
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
