/** Problems that need a person, although every process makes progress. */
import type { Config } from "../config/config.ts";
import { type Problem, problems } from "../core/problems.ts";
import type { Counted, Recent } from "../core/recent.ts";
import type { Replica } from "../core/replica.ts";

/** With fewer events a share means nothing. */
const ENOUGH = 10;
const PARKED_SHARE = 0.05;
const FAILED_SHARE = 0.5;
const GROWTH_MS = 600_000;
const GROWTH = 20;
/** A confirmation call ends after 5 s, and usually takes some 50 ms. */
const SLOW_CONFIRM_MS = 2_000;
const ENOUGH_CONFIRMS = 3;

export type Fleet = {
  readonly roles: readonly string[];
  readonly sources: readonly string[];
  readonly takesCallbacks: boolean;
  /** All replicas with a recent heartbeat. This process may be missing. */
  readonly replicas: readonly Replica[];
  readonly waiting: number;
};

/** Roles that no process has. The roles of this process count even if its heartbeat is missing. */
export function roleProblems({ roles, sources, takesCallbacks, replicas, waiting }: Fleet): readonly Problem[] {
  const all = [{ roles, sources }, ...replicas];
  const has = (role: string, source?: string): boolean =>
    all.some((one) => one.roles.includes(role) && (source === undefined || one.sources.includes(source)));
  return [
    ...(has("work") ? [] : [problems.roleUnfilled("work", `${waiting} events wait and nobody handles them`)]),
    ...sources
      .filter((source) => !has("pull", source))
      .map((source) => problems.roleUnfilled("pull", "nobody pulls, events stay at the vendor", source)),
    ...(takesCallbacks && !has("http") ? [problems.roleUnfilled("http", "nobody takes callbacks")] : []),
  ];
}

/** Problems with the events that this process handled and confirmed. */
export function rateProblems(recent: Pick<Recent, "of">): readonly Problem[] {
  return [...handlerProblems(recent), ...confirmProblems(recent)];
}

function handlerProblems(recent: Pick<Recent, "of">): readonly Problem[] {
  const handled = recent.of("handled");
  return recent.of("attempts_failed").flatMap(({ source, type, count: failed }) => {
    const attempts = failed + (handled.find((one) => one.source === source && one.type === type)?.count ?? 0);
    const isMuch = attempts >= ENOUGH && failed / attempts >= FAILED_SHARE;
    return isMuch ? [problems.handlerFailing(source, type, failed, attempts)] : [];
  });
}

function confirmProblems(recent: Pick<Recent, "of">): readonly Problem[] {
  return recent.of("confirm_ms").flatMap(({ source, count, ms }) => {
    const isSlow = count >= ENOUGH_CONFIRMS && ms / count >= SLOW_CONFIRM_MS;
    return isSlow ? [problems.vendorSlow(source, ms / count)] : [];
  });
}

/** Remembers how many were parked, to see whether they become more. */
export function createParkedWatch(recent: Pick<Recent, "of">, policy: Config["parked"]) {
  let seen: readonly { readonly at: number; readonly parked: number }[] = [];

  return (parked: number): readonly Problem[] => {
    const at = performance.now();
    seen = [...seen.filter((one) => at - one.at < GROWTH_MS), { at, parked }];
    const grown = parked - Math.min(...seen.map((one) => one.parked));
    const newly = sumOf(recent.of("parked"));
    const ended = newly + sumOf(recent.of("handled"));
    const share = newly >= ENOUGH ? newly / ended : 0;
    const facts = [
      ...(grown >= GROWTH ? [`${grown} more events are parked than some minutes ago, ${parked} in all`] : []),
      ...(share >= PARKED_SHARE ? [`${newly} of the last ${ended} events were parked`] : []),
    ];
    return [
      ...(facts.length > 0 ? [problems.parkedGrowing(facts.join("; "))] : []),
      // Confirmed events need no person.
      ...(parked > 0 && policy === "hold" ? [problems.eventsParked(parked)] : []),
    ];
  };
}

function sumOf(counted: readonly Counted[]): number {
  return counted.reduce((sum, { count }) => sum + count, 0);
}
