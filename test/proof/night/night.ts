import type { ProblemCode } from "../../../src/core/problems.ts";
import { UsageError } from "../../../src/simulators/kit/usage-error.ts";
import { metric, problemsTold } from "../../support/probes.ts";
import { until } from "../../support/until.ts";
import { gapsIn } from "./judge.ts";
import { type Look, lookAt } from "./look.ts";
import { openStage, type Stage } from "./stage.ts";
import { type NightTrouble, TROUBLES } from "./troubles.ts";

export type NightOptions = { readonly events: number; readonly parked: number; readonly only: string };

export type PlayedTrouble = {
  readonly trouble: Pick<NightTrouble, "name" | "code" | "remedy" | "lingers">;
  readonly look: Look;
  readonly before: Look | undefined;
  /** The time from the trouble's start until `/readyz` reports it. */
  readonly toldMs: number;
  /** The time from the remedy until `/readyz` no longer reports the trouble. Missing where the report lingers. */
  readonly goneMs?: number;
  /** The time from the remedy until every event published during the trouble is confirmed. */
  readonly confirmedMs: number;
  readonly gaps: readonly string[];
};

export type Night = {
  readonly played: readonly PlayedTrouble[];
  readonly events: number;
  readonly parked: number;
  /** The logs of all workers of the night. */
  readonly log: string;
  readonly endedMs: number;
  readonly secondRuns: number;
  readonly lost: readonly string[];
  /** Events confirmed before a success. Discarded events do not count. */
  readonly early: readonly string[];
};

const MEANWHILE = 5;
const PARKED_TOLD_MS = 120_000;
const TOLD_MS = 90_000;
const GONE_MS = 120_000;
const HISTORY = 20_000;
const LOOK_MS = 100;
const MANY_PARKED = {
  name: "Four events in ten are parked",
  code: "parked-growing",
  remedy: "held until the cause was mended, in the morning",
  lingers: "told until then",
} as const;

export async function playNight(
  { events, parked, only }: NightOptions,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Night> {
  const chosen = TROUBLES.filter(({ name }) => name.includes(only));
  if (chosen.length === 0) throw new UsageError(`--only: no trouble has "${only}" in its name`);
  const stage = await openStage(events + HISTORY);
  const keys: string[] = [];
  try {
    const played = [await parkMany(stage, events, parked, keys)];
    report(played[0]);
    await stage.takeSnapshot();
    for (const [index, trouble] of chosen.entries()) {
      signal.throwIfAborted();
      say(`${trouble.name} ...`);
      played.push(await play(stage, trouble, `trouble ${index}`));
      report(played.at(-1));
    }
    say("the cause is mended, and all is retried");
    const began = performance.now();
    await stage.mendCause();
    await stage.retryAll();
    await stage.world.allConfirmed(240_000);
    const endedMs = performance.now() - began;
    return { played, events, parked, log: stage.log(), endedMs, ...verdictOf(stage, keys) };
  } finally {
    await stage.close();
  }

  function report(one: PlayedTrouble | undefined): void {
    if (!one) return;
    say(
      `  told after ${(one.toldMs / 1_000).toFixed(1)} s, ${one.gaps.length === 0 ? "all three say it" : one.gaps.join("; ")}`,
    );
  }
}

/** Publishes good and bad events in turn. */
async function parkMany(stage: Stage, events: number, parked: number, keys: string[]): Promise<PlayedTrouble> {
  await stage.startWorker();
  const began = performance.now();
  for (let n = 0; n < events; n++) {
    const key = `event ${n}`;
    const isBad = Math.floor(((n + 1) * parked) / events) > Math.floor((n * parked) / events);
    keys.push(key);
    if (isBad) stage.publishBad(key);
    else stage.world.publish(key);
  }
  const { worker } = stage.place();
  const isParked = async (): Promise<boolean> => (await metric(worker, 'queue_events{state="parked"}')) === parked;
  await until(`${parked} are parked`, isParked, { timeoutMs: PARKED_TOLD_MS, pauseMs: LOOK_MS });
  await until("the others are confirmed", () => stage.world.fleet.counts().unconfirmed === parked);
  await until("it is told", () => isTold(stage, MANY_PARKED.code), { timeoutMs: TOLD_MS, pauseMs: LOOK_MS });
  const toldMs = performance.now() - began;
  const look = await lookAt(stage.place());
  return {
    trouble: MANY_PARKED,
    look,
    before: undefined,
    toldMs,
    confirmedMs: NaN,
    gaps: gapsIn(look, undefined, MANY_PARKED.code),
  };
}

async function play(stage: Stage, trouble: NightTrouble, label: string): Promise<PlayedTrouble> {
  const { code, lingers } = trouble;
  const { publish, seen } = stage.world;
  const before = await lookAt(stage.place());
  const keys = Array.from({ length: MEANWHILE }, (_, n) => `${label}.${n}`);

  const began = performance.now();
  await trouble.begin(stage);
  for (const key of keys) publish(key);
  let turn = 0;
  const told = async (): Promise<boolean> => {
    trouble.meanwhile?.(stage, turn++);
    return code === undefined || (await isTold(stage, code));
  };
  // A problem that is never reported is a gap. The look finds it.
  await until(`${code} is told`, told, { timeoutMs: TOLD_MS, pauseMs: LOOK_MS }).catch(() => {});
  const toldMs = performance.now() - began;
  const look = await lookAt(stage.place());

  const mended = performance.now();
  await trouble.end(stage);
  const allConfirmed = (): boolean => keys.every((key) => seen(key).confirmedAt !== undefined);
  await until("what was published meanwhile is confirmed", allConfirmed, { timeoutMs: GONE_MS, pauseMs: LOOK_MS });
  const confirmedMs = performance.now() - mended;
  const played = { trouble, before, look, toldMs, confirmedMs, gaps: gapsIn(look, before, code) };
  if (lingers !== undefined || code === undefined) return played;
  await until(`${code} is over`, async () => !(await isTold(stage, code)), { timeoutMs: GONE_MS, pauseMs: LOOK_MS });
  return { ...played, goneMs: performance.now() - mended };
}

async function isTold(stage: Stage, code: ProblemCode): Promise<boolean> {
  const { problems } = await problemsTold(stage.place().worker);
  return problems.some((problem) => problem.code === code);
}

function verdictOf(
  { world: { runs, seen } }: Stage,
  keys: readonly string[],
): Pick<Night, "secondRuns" | "lost" | "early"> {
  const successes = new Map<string, number[]>();
  for (const { key, phase, at } of runs())
    if (phase === "success") successes.set(key, [...(successes.get(key) ?? []), at]);
  const lost = keys.filter((key) => seen(key).confirmedAt === undefined);
  const early = keys.filter((key) => (seen(key).confirmedAt ?? Infinity) < (successes.get(key)?.[0] ?? Infinity));
  const secondRuns = [...successes.values()].reduce((sum, { length }) => sum + length - 1, 0);
  return { secondRuns, lost, early };
}
