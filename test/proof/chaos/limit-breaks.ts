/** Where more ran than the handler's limits allow, though no process had lost its lock and Redis had its data. */
import { IN_BATCH } from "../../support/scripted-events.ts";
import { LIMITS } from "./limits.ts";
import type { Run } from "./runs.ts";
import { type Incident, STOPPED } from "./stage.ts";
import { KILLED, REDIS_EMPTY } from "./troubles.ts";

type Runs = ReadonlyMap<string, readonly Run[]>;

export function limitBreaks(runs: Runs, incidents: readonly Incident[]): readonly string[] {
  return [...tooManyAtOnce(runs, incidents), ...brokenTurns(runs, incidents)];
}

/** A run whose event has started elsewhere, or is forgotten, has no place any more. */
function tooManyAtOnce(runs: Runs, incidents: readonly Incident[]): readonly string[] {
  const single = [...runs].filter(([key]) => !key.startsWith(IN_BATCH));
  const spans = single.flatMap(([key, all]) =>
    all.map((run, n) => ({ key, from: run.start, to: Math.min(endOf(run, incidents), all[n + 1]?.start ?? Infinity) })),
  );
  return besides(spans).flatMap(({ running }) =>
    running.length > LIMITS.concurrency ? [`${running.length} ran at once: ${JSON.stringify(running)}`] : [],
  );
}

type Span = { readonly key: string; readonly from: number; readonly to: number };

/** What was under way as each of them began, itself too. */
function besides(spans: readonly Span[]) {
  let running: readonly Span[] = [];
  return spans
    .toSorted((a, b) => a.from - b.from)
    .map((span) => {
      running = [...running.filter(({ to }) => to > span.from), span];
      return { span, running };
    });
}

function endOf({ pid, start, success, failure }: Run, incidents: readonly Incident[]): number {
  const ends = incidents.flatMap(({ what, at, until, pid: whose }) => {
    if (what === REDIS_EMPTY && until >= start) return [Math.max(at, start)];
    if (whose !== pid) return [];
    if (what === KILLED) return [at];
    return what === STOPPED ? [until] : [];
  });
  return Math.min(success ?? failure ?? Infinity, ...ends);
}

/** From its first start to its first success no other event of its key starts. */
function brokenTurns(runs: Runs, incidents: readonly Incident[]): readonly string[] {
  const turns = [...runs].map(([key, all]): Span => {
    const successes = all.flatMap(({ success }) => success ?? []);
    return { key, from: all[0]?.start ?? Infinity, to: Math.min(...successes) };
  });
  const ordered = turns.filter(({ key }) => key.includes(":"));
  return [...Map.groupBy(ordered, ({ key }) => key.split(":")[0]).values()].flatMap((line) =>
    besides(line).flatMap(({ span, running }) =>
      running
        .filter((other) => other !== span && !incidents.some((one) => forgot(one, other.from, span.from)))
        .map((other) => `the order of a key was broken: ${JSON.stringify([other, span])}`),
    ),
  );
}

/** Redis lost the place and the key of a run that was under way. */
function forgot({ what, at, until }: Incident, from: number, to: number): boolean {
  return what === REDIS_EMPTY && until >= from && at <= to;
}
