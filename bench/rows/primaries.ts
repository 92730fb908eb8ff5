/**
 * One worker on a cluster of one primary and of three. On one machine the primaries share its cores. So the row shows how
 * the work spreads: how many events the busiest primary could take for each second of its core.
 */
import { z } from "zod";
import { startRedisCluster } from "../../test/support/redis-cluster.ts";
import { Cost } from "../kit/replies.ts";
import type { Found, Section } from "../kit/row.ts";
import { cell, type Row, tableOf } from "../kit/table.ts";
import { publishAll, sendAhead, startVendor, WARM_UP } from "../kit/vendor.ts";
import { inNewWorld, redisCostOf } from "../kit/world.ts";

export const PRIMARIES = [1, 3];
/** Each is a source, and each source is on one primary. */
const APPLICATIONS = 6;

export type OnCluster = {
  readonly primaries: number;
  readonly events: number;
  readonly seconds: number;
  readonly processSeconds: number;
  /** CPU seconds of each primary. */
  readonly redisSeconds: readonly number[];
};

type ClusterOptions = { readonly events: number; readonly concurrency: number };

export function onCluster(
  primaries: number,
  { events, concurrency }: ClusterOptions,
  signal: AbortSignal,
): Promise<OnCluster> {
  return inNewWorld(async ({ part, ending }) => {
    const cluster = await startRedisCluster({ primaries, replicas: 0 });
    const [simulator, worker] = [part("simulator"), part("worker")];
    // The servers end after their client, which would report an earlier end as a failure.
    ending(async () => {
      await worker.end();
      await cluster.close();
    });
    const spent = (): Promise<readonly number[]> =>
      Promise.all(cluster.nodes.map(async ({ admin }) => (await redisCostOf(admin)).cpuSeconds));
    const subAppIds = Array.from({ length: APPLICATIONS }, (_, index) => 1_500_000_000 + index);
    const env = await startVendor(simulator, { historyLimit: events + WARM_UP, subAppIds });
    await worker.ask("start", { redisUrl: cluster.url, env, concurrency }, z.undefined());
    await sendAhead(simulator, WARM_UP);
    await worker.ask("startCost", undefined, z.undefined());
    const before = await spent();
    const { seconds } = await publishAll(simulator, events);
    const { cpuSeconds: processSeconds } = await worker.ask("cost", undefined, Cost);
    const redisSeconds = (await spent()).map((after, index) => after - (before[index] ?? 0));
    return { primaries, events, seconds, processSeconds, redisSeconds };
  }, signal);
}

export function primaryFigures([one, ...others]: readonly OnCluster[]): readonly Found[] {
  return others.map((more) => [
    `events per CPU second of the busiest of ${more.primaries} primaries, against ${more.primaries} times one`,
    "higher",
    [one ? linear(more, one) : NaN],
  ]);
}

export function primarySection(found: readonly OnCluster[], events: number): Section {
  const [one] = found;
  const row = (label: string, value: (of: OnCluster) => number, digits: number): Row => [
    label,
    ...found.map((of) => cell([value(of)], digits)),
  ];
  const msPerEvent = (seconds: number, of: OnCluster): number => (1_000 * seconds) / of.events;
  const table = tableOf([
    ["a cluster of so many primaries", ...found.map(({ primaries }) => String(primaries))],
    row("events per CPU second of the busiest : as many times one's", (of) => (one ? linear(of, one) : NaN), 2),
    row("events per CPU second of the busiest", perBusiestSecond, 0),
    row("events/s, all on this machine", (of) => of.events / of.seconds, 0),
    row("CPU ms per event, process", (of) => msPerEvent(of.processSeconds, of), 3),
    row("CPU ms per event, all primaries", (of) => msPerEvent(total(of), of), 3),
    [
      "share of each primary, %",
      ...found.map((of) => of.redisSeconds.map((s) => cell([(100 * s) / total(of)])).join(", ")),
    ],
  ]);
  return { title: `${cell([events])} events of ${APPLICATIONS} applications at once, one worker`, table };
}

function linear(more: OnCluster, one: OnCluster): number {
  return perBusiestSecond(more) / perBusiestSecond(one) / (more.primaries / one.primaries);
}

function perBusiestSecond({ events, redisSeconds }: OnCluster): number {
  return events / Math.max(...redisSeconds);
}

function total({ redisSeconds }: OnCluster): number {
  return redisSeconds.reduce((sum, seconds) => sum + seconds, 0);
}
