/** What a second run may be for. Whatever is not named here is a violation. */
import type { Run } from "./runs.ts";
import { type Incident, STOPPED } from "./stage.ts";
import { FROZEN, isOfRedis, isOfWorkers, KILLED, REDIS_EMPTY } from "./troubles.ts";

export type Seen = {
  readonly id: string;
  readonly publishedAt: number;
  readonly confirmedAt: number | undefined;
  readonly deliveries: readonly { readonly at: number; readonly until: number }[];
  readonly runs: readonly Run[];
  /** Of the first success. */
  readonly succeededAt: number;
};

export type SecondRun = {
  /** Missing: there is no reason. */
  readonly why?: string;
  readonly told: string;
  /** From a kill to the next start, if nothing happened to Redis or to another worker in between. */
  readonly takenOverMs?: number;
};

/** A job lock lasts 10 s and is renewed every 5, and a worker may reach Redis a second after it is back. */
const RECONNECT_MS = 1_000;
const LOCK_AT_RISK_MS = 10_000 - 5_000 - RECONNECT_MS;

/** A run after one that failed is no second run, but an attempt like any other. */
export function secondRuns(event: Seen, incidents: readonly Incident[]): readonly SecondRun[] {
  return event.runs.slice(1).flatMap((run, n) => {
    const before = event.runs[n];
    return !before || before.failure !== undefined ? [] : [secondRun(event, before, run, incidents)];
  });
}

function secondRun(event: Seen, before: Run, run: Run, incidents: readonly Incident[]): SecondRun {
  const between = (from: number, { at, until }: Incident): boolean => until >= from && at <= run.start;
  const meanwhile = incidents.filter((incident) => between(before.start, incident));
  const death = meanwhile.find(({ what, pid }) => what === KILLED && pid === before.pid);
  const told = JSON.stringify({ ...event, before, run });
  if (death) {
    // Another worker may have had it in hand already when it was struck too.
    const isDisturbed = meanwhile.some((other) => other !== death && other.until >= death.at && isDisturbing(other));
    return { why: "its process was killed", told, ...(!isDisturbed && { takenOverMs: run.start - death.at }) };
  }
  // From its first delivery on: a job may be written to a Redis that has forgotten the event.
  const known = event.deliveries[0]?.at ?? Infinity;
  if (incidents.some((incident) => incident.what === REDIS_EMPTY && between(known, incident)))
    return { why: "Redis had lost its data", told };
  if (meanwhile.some(({ what, pid }) => what === FROZEN && pid === before.pid))
    return { why: "its process was frozen", told };
  // Also a run that waited for Redis before it began.
  const away = incidents.filter(
    (incident) => isOfRedis(incident.what) && between(before.start - LOCK_AT_RISK_MS, incident),
  );
  if (longestAwayMs(away) > LOCK_AT_RISK_MS) return { why: "Redis was away for longer than a job lock", told };
  if (away.length > 0 && meanwhile.some(({ what, pid }) => what === STOPPED && pid === before.pid))
    return { why: "its process was stopped while Redis was away", told };
  if (event.deliveries.some(({ at }, n) => at < (event.deliveries[n - 1]?.until ?? 0)))
    return { why: "its vendor had delivered it twice inside its window", told };
  return { told };
}

/** Nobody may have reached it between two that follow each other closely. */
function longestAwayMs(away: readonly Incident[]): number {
  let [from, end, longest] = [0, -Infinity, 0];
  for (const { at, until } of away.toSorted((a, b) => a.at - b.at)) {
    if (at > end + RECONNECT_MS) from = at;
    end = Math.max(end, until);
    longest = Math.max(longest, end - from);
  }
  return longest;
}

function isDisturbing({ what }: Incident): boolean {
  return isOfRedis(what) || isOfWorkers(what);
}
