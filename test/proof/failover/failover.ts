/** Runs one row. Events arrive through both doors while the failure strikes. Then the outcome of every event is checked. */
import { sleep } from "../../../src/core/sleep.ts";
import { openNotingWorkers } from "../../support/noting-workers.ts";
import type { RunNote } from "../../support/script.ts";
import { until } from "../../support/until.ts";
import { graceOf, pagesApart, TENCENT } from "../../support/world.ts";
import { type Ground, openGround } from "./grounds.ts";
import { type FailoverRow, PREFIX } from "./rows.ts";
import { openVendor } from "./vendor.ts";
import { type FailoverVerdict, successesOf, verdictOf } from "./verdict.ts";
import { countsOf } from "./worker-counts.ts";

export type FailoverOptions = {
  readonly events: number;
  readonly waitReplicas: number;
  /** The time that each handler takes. */
  readonly handlerMs?: number;
};

const WORKERS = 2;
const PER_SECOND = 100;
const HANDLER_MS = 5;
/** The failure strikes after this share of the events. */
const STRIKES_AT = 0.25;
/** Enough for lost pulls to be detected, and for two windows. */
const CALM_MS = 90_000;
/** Longer than it takes to start a job again whose lock runs out. */
const STILL_MS = 30_000;
/** The vendor retries a push that was interrupted by the failure. */
const PUSH_PAUSE_MS = 1_000;

export async function runFailover(
  row: FailoverRow,
  { events, waitReplicas, handlerMs = HANDLER_MS }: FailoverOptions,
  signal: AbortSignal,
): Promise<FailoverVerdict> {
  const began = performance.now();
  const ends: (() => Promise<unknown>)[] = [];
  try {
    const ground = await openGround(row, signal);
    ends.unshift(ground.close);
    const vendor = await openVendor({ ...TENCENT, historyLimit: events, pauseMs: PUSH_PAUSE_MS }, signal);
    ends.unshift(vendor.close);
    const { start, runs, close } = await openNotingWorkers({
      redis: { url: ground.url, prefix: PREFIX },
      env: { ...vendor.env, ...graceOf(TENCENT.windowMs), ...pagesApart(true) },
      onStarted: vendor.callWorkerAt,
    });
    ends.unshift(close);
    const workers: Awaited<ReturnType<typeof start>>[] = [];
    for (let n = 0; n < WORKERS; n++)
      workers.push(await start({ REDIS_WAIT_REPLICAS: String(waitReplicas), CONCURRENCY: "16" }));

    const strikesAfterMs = (events * STRIKES_AT * 1_000) / PER_SECOND;
    const [publishedAt, struck] = await Promise.all([
      vendor.publish({ count: events, perSecond: PER_SECOND, handlerMs }).then(Date.now),
      strike(ground, strikesAfterMs, signal),
    ]);
    const pushed = await vendor.pushed();
    const isOver = async (): Promise<boolean> => {
      if ((await vendor.counts()).pulled.unconfirmed > 0) return false;
      const noted = runs();
      const found = successesOf(noted);
      // A lost event never arrives.
      return pushed.every(({ key, isTaken }) => !isTaken || found.has(key)) || isStill(noted, publishedAt);
    };
    await calm("all is handled and confirmed", isOver, signal);
    const hasCounted = async (): Promise<boolean> =>
      (await countsOf(workers)).handled === runs().filter(({ phase }) => phase === "success").length;
    await calm("the workers have counted what their handlers noted", hasCounted, signal);

    const facts = { events, pushed, pulled: await vendor.pulled(), vendor: await vendor.counts(), publishedAt };
    return {
      name: row.name,
      mayLosePushed: row.mayLosePushed ?? false,
      server: ground.server,
      waitReplicas,
      ...verdictOf({ ...facts, ...struck, workers: await countsOf(workers), runs: runs() }),
      failovers: await ground.failovers(),
      openRecords: await ground.openRecords(),
      tookMs: Math.round(performance.now() - began),
    };
  } finally {
    for (const end of ends) await end();
  }
}

async function strike(ground: Ground, afterMs: number, signal: AbortSignal) {
  await sleep(afterMs, signal);
  const struckAt = Date.now();
  await ground.strike();
  const backAt = Date.now();
  await ground.heal();
  return { struckAt, backAt };
}

/** For so long no handler has started or ended. */
function isStill(runs: readonly RunNote[], since: number): boolean {
  const last = runs.reduce((latest, { at }) => Math.max(latest, at), since);
  return Date.now() - last > STILL_MS;
}

/** Also resolves if that never comes. */
async function calm(what: string, isSo: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  const options = { timeoutMs: CALM_MS, pauseMs: 200 };
  await until(what, async () => signal.aborted || (await isSo()), options).catch(() => {});
  signal.throwIfAborted();
}
