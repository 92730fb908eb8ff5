/** The allowed reasons for a second run. Any other second run is a violation. */
import type { Run } from "./runs.ts";
import { type Incident, STOPPED } from "./stage.ts";
import { FROZEN, isOfRedis, isOfWorkers, KILLED, REDIS_EMPTY } from "./troubles.ts";

export type Seen = {
  readonly id: string;
  readonly publishedAt: number;
  readonly confirmedAt: number | undefined;
  readonly deliveries: readonly { readonly at: number; readonly until: number }[];
  readonly runs: readonly Run[];
  /** The time of the first success. */
  readonly succeededAt: number;
};

export type SecondRun = {
  /** Missing when the second run has no allowed reason. */
  readonly why?: string;
  readonly told: string;
  /** The time from a kill to the next start. Missing if Redis or another worker was disturbed in between. */
  readonly takenOverMs?: number;
};

/** A job lock lasts 10 s and is renewed every 5 s. A worker may need a second to reach a Redis that is back. */
const RECONNECT_MS = 1_000;
const LOCK_AT_RISK_MS = 10_000 - 5_000 - RECONNECT_MS;

/** A run after a failed run is an ordinary attempt, not a second run. */
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
    // Another worker may have taken the job already, and may have been struck too.
    const isDisturbed = meanwhile.some((other) => other !== death && other.until >= death.at && isDisturbing(other));
    return { why: "its process was killed", told, ...(!isDisturbed && { takenOverMs: run.start - death.at }) };
  }
  // The search starts at the first delivery: a job may be written to a Redis that has forgotten the event.
  const known = event.deliveries[0]?.at ?? Infinity;
  if (incidents.some((incident) => incident.what === REDIS_EMPTY && between(known, incident)))
    return { why: "Redis had lost its data", told };
  if (meanwhile.some(({ what, pid }) => what === FROZEN && pid === before.pid))
    return { why: "its process was frozen", told };
  // This includes a run that waited for Redis before it began.
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

/** Two outages close together count as one: perhaps no worker reached Redis between them. */
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
