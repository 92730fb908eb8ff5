/** Starts, fills, loads, samples and drains the processes of a soak. */
import { z } from "zod";
import { until } from "../kit/until.ts";
import type { World } from "../kit/world.ts";
import type { Door } from "./event-plan.ts";
import type { Options } from "./options.ts";
import { type RedisState, redisState } from "./redis-state.ts";
import { Tallied, Vendors, VendorCounts, WorkerState } from "./replies.ts";
import type { Tempo } from "./tempo.ts";

export type Sample = {
  /** The time since the load began. */
  readonly atMs: number;
  readonly worker: WorkerState;
  readonly redis: RedisState;
  readonly vendors: VendorCounts;
};

/** The state after the drain. */
export type End = Sample & { readonly tally: Tallied; readonly ready: boolean };

/** More than the 1,000 completed jobs that the queue keeps. */
const FILL = 1_500;
const FILLED_WITHIN_MS = 120_000;
/** The shares of the other doors. Their events need much waiting time but little CPU. */
const SHARES = { mns: 0.02, sqs: 0.005, push: 0.01 };
const LEAST_PER_SECOND = 0.5;
/** The rate is no longer held when this many seconds of events are unconfirmed. */
const MOST_BEHIND_SECONDS = 60;
/** The vendor's default. It is enough for 1,400 events/s. */
const CALLS_PER_SECOND = 100;
const EVENTS_PER_CALL = 10;
/** A slow machine may finish this much later than planned. */
const LATE_MS = 600_000;
const LOOK_MS = 250;
/** Covers one after another: a lost pull answer, a handler that outlives its window, and a lost extension answer. */
const DRAIN = { windows: 6, ms: 20_000 };

export async function setUp({ redis, redisUrl, redisCost, part }: World, options: Options, tempo: Tempo) {
  const { rate, seed, leak: leaks } = options;
  const { windowMs, graceMs, longPollMs, allDoors } = tempo;
  const callsPerSecond = Math.max(CALLS_PER_SECOND, rate / EVENTS_PER_CALL);
  const [simulators, worker] = [part("soak-vendors"), part("soak-worker")];
  const vendors = await simulators.ask("start", { seed, windowMs, longPollMs, callsPerSecond, allDoors }, Vendors);
  const concurrency = Math.max(32, Math.ceil(rate / 8));
  const mostEvents = FILL + Math.ceil((rate * (tempo.totalMs + LATE_MS)) / 1_000);
  const start = { redisUrl, vendors, concurrency, windowMs, graceMs, callsPerSecond, mostEvents, allDoors, leaks };
  const workerUrl = await worker.ask("start", start, z.string());
  const counts = () => simulators.ask("counts", undefined, VendorCounts);
  const look = async () => redisState(redis, (await redisCost()).usedBytes);

  const areAllConfirmed = async () => (await counts()).unconfirmed === 0;

  async function sample(started: number): Promise<Sample> {
    const atMs = performance.now() - started;
    const [state, held, seen] = await Promise.all([worker.ask("state", undefined, WorkerState), look(), counts()]);
    // Reads the metrics like a Prometheus server.
    await fetch(`${workerUrl}/metrics`).then((answer) => answer.text());
    return { atMs, worker: state, redis: held, vendors: seen };
  }

  return {
    sample,
    /** Resolves with the start time of the load. */
    async load() {
      await simulators.ask("fill", FILL, z.undefined());
      if (!(await until(areAllConfirmed, LOOK_MS, AbortSignal.timeout(FILLED_WITHIN_MS))))
        throw new Error(`the first ${FILL} events were not confirmed within ${FILLED_WITHIN_MS / 1_000} s`);
      const rates = ratesOf(rate, allDoors);
      await simulators.ask("load", { workerUrl, rates, mostBehindSeconds: MOST_BEHIND_SECONDS }, z.undefined());
      return performance.now();
    },
    /** Waits until all events are confirmed, or until that takes too long. */
    async drain(started: number, stop: AbortSignal) {
      await simulators.ask("unload", undefined, z.undefined());
      const patience = AbortSignal.any([stop, AbortSignal.timeout(DRAIN.windows * windowMs + DRAIN.ms)]);
      await until(areAllConfirmed, LOOK_MS, patience);
      await until(async () => isEmpty(await look()), LOOK_MS, patience);
      const end = await sample(started);
      const tally = await worker.ask("tally", end.vendors.published, Tallied);
      const { ok: ready } = await fetch(`${workerUrl}/readyz`);
      return { ...end, tally, ready };
    },
  };
}

function isEmpty({ records, receipts, unconfirmed, handled, openJobs }: RedisState): boolean {
  return records + receipts + unconfirmed + handled + openJobs === 0;
}

function ratesOf(rate: number, allDoors: boolean): Readonly<Record<Door, number>> {
  const share = (of: number, isOpen: boolean): number => (isOpen ? Math.max(LEAST_PER_SECOND, rate * of) : 0);
  const others = {
    "alibaba-mns": share(SHARES.mns, true),
    "aws-sqs": share(SHARES.sqs, allDoors),
    "tencent-vod-push": share(SHARES.push, allDoors),
  };
  return { ...others, "tencent-vod": Object.values(others).reduce((left, one) => left - one, rate) };
}
