/** Runs one row. Events arrive through both doors while the failure strikes. Then the outcome of every event is checked. */
import { sleep } from "../../../src/core/sleep.ts";
import { scripted } from "../../support/scripted-events.ts";
import { until } from "../../support/until.ts";
import type { RunNote } from "../../support/script.ts";
import { openWorld, TENCENT } from "../../support/world.ts";
import { openGround } from "./grounds.ts";
import { type LeftOver, leftOver, type Records } from "./left-over.ts";
import { type FailoverRow, PREFIX } from "./rows.ts";
import { type SecondRuns, secondRunsIn } from "./second-runs.ts";

export type FailoverOptions = { readonly events: number; readonly waitReplicas: number };

export type FailoverVerdict = {
  readonly name: string;
  readonly waitReplicas: number;
  /** Half of the events come through each door. */
  readonly published: number;
  /** Pushed events that the vendor gave up, because it received no 200. */
  readonly refused: number;
  readonly confirmed: number;
  readonly lostPulled: number;
  /** Pushed events that were answered with 200 but never handled successfully. */
  readonly lostPushed: number;
  /** Events that were confirmed before their first success. */
  readonly early: number;
  readonly secondRuns: number;
  readonly secondRunsBy: SecondRuns;
  /** Whether the separate counts of the vendor, the callers of callbacks and the handlers agree. */
  readonly isReconciled: boolean;
  /** How often the primary was replaced, or our slot was moved. */
  readonly failovers: number;
  /** The time from the new primary's start of service to the next handler start. */
  readonly resumedMs: number;
  /** The longest time without a handler start, while events arrived. */
  readonly pausedMs: number;
  /** The pulled events that were not confirmed in time, and the ledger's records of what it holds for unconfirmed. */
  readonly leftOver: readonly LeftOver[];
  readonly openRecords: Records;
};

const WORKERS = 2;
const PER_SECOND = 100;
/** The failure strikes after this share of the events. */
const STRIKES_AT = 0.25;
/** Enough for lost pulls to be detected, and for two windows. */
const CALM_MS = 90_000;
/** The vendor retries a push that was interrupted by the failure. */
const PUSHES = { pauseMs: 1_000 };
const MOST_LEFT = 10;

export async function runFailover(
  row: FailoverRow,
  { events, waitReplicas }: FailoverOptions,
  signal: AbortSignal,
): Promise<FailoverVerdict> {
  const ground = await openGround(row, signal);
  const redis = { url: ground.url, prefix: PREFIX };
  const world = await openWorld({ redis, doors: { "tencent-vod": TENCENT, "tencent-vod-push": PUSHES } });
  const { "tencent-vod": pulling, "tencent-vod-push": pushing } = world.doors;
  try {
    const extra = { REDIS_WAIT_REPLICAS: String(waitReplicas), CONCURRENCY: "16" };
    for (let n = 0; n < WORKERS; n++) await world.start(extra);
    const pushes: Promise<readonly [string, boolean]>[] = [];
    const publishing = publishAll(events, signal, (n) => {
      const event = { key: `event ${n}`, script: { ms: 5 } };
      if (n % 2 === 0) world.publish(event.key, event.script, "tencent-vod");
      else pushes.push(pushing.send(scripted("tencent-vod", event)).then(({ delivered }) => [event.key, delivered]));
    });
    await sleep((events * STRIKES_AT * 1_000) / PER_SECOND, signal);
    const struckAt = Date.now();
    await ground.strike();
    const backAt = Date.now();
    await ground.heal();
    await publishing;
    const publishedAt = Date.now();
    const pushed = await Promise.all(pushes);
    const taken = pushed.filter(([, isTaken]) => isTaken).map(([key]) => key);
    const successes = () => successesOf(world.runs());
    const isOver = (): boolean => {
      const found = successes();
      return pulling.counts().unconfirmed === 0 && taken.every((key) => found.has(key));
    };
    // A lost event never arrives, so this wait may time out.
    await until("all is handled and confirmed", () => signal.aborted || isOver(), {
      timeoutMs: CALM_MS,
      pauseMs: 200,
    }).catch(() => {});
    signal.throwIfAborted();

    const found = successes();
    const pulled = pulling.simulator.history({ limit: events });
    const unconfirmed = pulled.flatMap((event, n) =>
      event.confirmedAt === undefined ? [[keyOf(n), event] as const] : [],
    );
    const nextStart = world.runs().find(({ phase, at }) => phase === "start" && at >= backAt)?.at ?? Infinity;
    return {
      name: row.name,
      waitReplicas,
      published: events,
      refused: pushed.length - taken.length,
      confirmed: pulled.filter(({ confirmedAt }) => confirmedAt !== undefined).length,
      lostPulled: pulled.filter(({ confirmedAt }, n) => confirmedAt === undefined || !found.has(keyOf(n))).length,
      lostPushed: taken.filter((key) => !found.has(key)).length,
      early: pulled.filter(({ confirmedAt = Infinity }, n) => confirmedAt < (found.get(keyOf(n))?.[0] ?? Infinity))
        .length,
      secondRuns: [...found.values()].reduce((sum, all) => sum + all.length - 1, 0),
      secondRunsBy: secondRunsIn(world.runs(), { struckAt, backAt }),
      isReconciled:
        pulled.length + pushed.length === events && [...found.keys()].every((key) => /^event \d+$/.test(key)),
      failovers: await ground.failovers(),
      resumedMs: nextStart - backAt,
      pausedMs: longestPause(world.runs(), struckAt, publishedAt),
      leftOver: leftOver(unconfirmed.slice(0, MOST_LEFT), world.runs(), struckAt),
      openRecords: await ground.openRecords(),
    };
  } finally {
    await world.close();
    await ground.close();
  }
}

/** Every second event is pulled. */
function keyOf(n: number): string {
  return `event ${2 * n}`;
}

/** Publishes at an even pace. */
async function publishAll(events: number, signal: AbortSignal, publish: (n: number) => void): Promise<void> {
  const started = performance.now();
  for (let n = 0; n < events && !signal.aborted; await sleep(20, signal)) {
    const due = Math.min(events, Math.ceil(((performance.now() - started) / 1_000) * PER_SECOND));
    for (; n < due; n++) publish(n);
  }
}

/** Between two starts from `from` to `end`, or from a start to the end of that time. */
function longestPause(runs: readonly RunNote[], from: number, end: number): number {
  const starts = runs.flatMap(({ phase, at }) => (phase === "start" && from < at && at < end ? [at] : []));
  const times = [from, ...starts.toSorted((a, b) => a - b), end];
  return Math.max(...times.slice(1).map((at, n) => at - (times[n] ?? at)));
}

function successesOf(runs: readonly { readonly phase: string; readonly key: string; readonly at: number }[]) {
  const found = new Map<string, number[]>();
  for (const { phase, key, at } of runs) {
    if (phase !== "success") continue;
    const all = found.get(key) ?? [];
    all.push(at);
    found.set(key, all);
  }
  return found;
}
