/** Single figures of a run, by names that stay: what an earlier run is compared by. */
import { type Odd, othersIn } from "./odd.ts";
import type { Results } from "./results.ts";
import { commandsOf, cpuOf, type Throughput } from "./throughput.ts";

export type Figure = {
  readonly better: "higher" | "lower";
  /** One of each run. */
  readonly values: readonly number[];
};

type Found = readonly [name: string, better: Figure["better"], values: readonly number[]];

export type Figures = Readonly<Record<string, Figure>>;

export function figuresOf({ events, throughput, latency, calls, odd, start, memory, backlogs }: Results): Figures {
  const of = (value: (run: Results["throughput"][number]) => number): number[] => throughput.map(value);
  const rate = ({ seconds }: Throughput): number => events / seconds;
  const found: readonly Found[] = [
    ["events/s", "higher", of(({ worker }) => rate(worker))],
    [
      "events/s against BullMQ alone beside a plain loop",
      "higher",
      of(({ worker, both }) => rate(worker) / rate(both)),
    ],
    ["CPU ms per event, process", "lower", of(({ worker }) => (cpuOf(worker).process * 1_000) / events)],
    ["CPU ms per event, Redis", "lower", of(({ worker }) => (cpuOf(worker).redis * 1_000) / events)],
    ["CPU against the sum of its parts", "lower", of(costRatio)],
    ["Redis commands per event", "lower", of(({ worker }) => commandsOf(worker).all / events)],
    [
      "calls per event",
      "lower",
      of(({ worker: { vendor } }) => ((vendor?.pulls ?? 0) + (vendor?.confirms ?? 0)) / events),
    ],
    ["peak RSS, MB", "lower", of(({ worker }) => worker.cost.peakRssBytes / 1024 ** 2)],
    ...(latency ?? []).flatMap(({ callMs, worker }) =>
      (["p50", "p99"] as const).flatMap((p): Found[] => [
        [`ms to start, ${p}, ${callMs} ms a call`, "lower", [worker.handled.startedAfterMs[p]]],
        [`ms to confirmed, ${p}, ${callMs} ms a call`, "lower", [worker.vendor.confirmedAfterMs[p]]],
      ]),
    ),
    ...(calls
      ? [
          ["confirm calls per event at 1/s", "lower", [calls.worker.confirmsPerEvent]] as const,
          ["pulls per 5 s, idle", "lower", [calls.worker.pullsIdle]] as const,
        ]
      : []),
    ...(odd ?? []).map((one) => [`events/s, ${one.name}, against none`, "higher", [oddRatio(one)]] as const),
    ...(start ?? []).map(
      ({ name, ms }) => [`s to the first event, ${name}`, "lower", ms.map((value) => value / 1_000)] as const,
    ),
    ...(memory
      ? [
          [
            "Redis bytes per held event",
            "lower",
            [(memory.held.redis.usedBytes - memory.atRest.redis.usedBytes) / memory.events],
          ] as const,
        ]
      : []),
    ...(backlogs ?? []).map(
      (one) => [`time against room for all, ${one.name}`, "lower", [one.seconds / one.secondsWithRoom]] as const,
    ),
  ];
  return Object.fromEntries(
    found.filter(([, , values]) => values.length > 0).map(([name, better, values]) => [name, { better, values }]),
  );
}

/** The worker's CPU, its Redis' with it, against that of the loop and of BullMQ alone. */
export function costRatio({ worker, loop, queue }: Results["throughput"][number]): number {
  const [all, pulls, jobs] = [cpuOf(worker), cpuOf(loop), cpuOf(queue)];
  return (all.process + all.redis) / (pulls.process + jobs.process + jobs.redis);
}

/** How fast the others go through, against how fast all do without odd ones. */
export function oddRatio(odd: Odd): number {
  return (othersIn(odd) / odd.seconds / odd.events) * odd.secondsClean;
}
