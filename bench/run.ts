/** `npm run bench`: measured, never asserted on time. Everything it starts ends with it. */
import { writeFile } from "node:fs/promises";
import { againstEarlier, readEarlier } from "./against.ts";
import { backlog, type Backlog, backlogCases } from "./backlog.ts";
import { loopCalls, workerCalls } from "./calls.ts";
import { runCommand } from "./command.ts";
import { figuresOf } from "./figures.ts";
import { loopLatency, workerLatency } from "./latency.ts";
import { describeMachine } from "./machine.ts";
import { workerMemory } from "./memory.ts";
import { type Odd, ODD_CASES, oddEvents } from "./odd.ts";
import { HELP, type Options, readOptions } from "./options.ts";
import { reportOf } from "./report.ts";
import type { Results } from "./results.ts";
import { startTimes } from "./start.ts";
import {
  bothThroughput,
  loopThroughput,
  queueThroughput,
  type Throughput,
  type ThroughputOptions,
  workerThroughput,
} from "./throughput.ts";

const CONTESTANTS = ["worker", "loop", "queue", "both"] as const;
type Contestant = (typeof CONTESTANTS)[number];
const MEASURE = { worker: workerThroughput, loop: loopThroughput, queue: queueThroughput, both: bothThroughput };

/** So many events go through before the count: code is compiled by then. */
const WARM_UP = 1_000;
const PER_SECOND = 100;
const CALL_MS = [0, 20];
/** For one measurement: far more than it needs, so that one that hangs ends. */
const patienceMs = ({ events }: Options): number => 180_000 + events * 20;

await runCommand(async (argv, signal) => {
  const options = readOptions(argv);
  if (options) await bench(options, signal);
  else console.log(HELP);
});

async function bench(options: Options, stop: AbortSignal): Promise<void> {
  const { events, few, only, json, against, concurrency } = options;
  const earlier = against === undefined ? undefined : await readEarlier(against);
  const started = performance.now();
  const machine = await describeMachine(stop);
  const asked = async <T>(part: (typeof only)[number], measure: () => Promise<T>): Promise<T | undefined> =>
    only.includes(part) ? await measure() : undefined;
  const results: Results = {
    events,
    throughput: (await asked("throughput", () => throughputs(options, stop))) ?? [],
    latency: await asked("latency", () => latencies(options, stop)),
    calls: await asked("calls", () => calls(options, stop)),
    odd: await asked("odd", () => allOdd(options, stop)),
    start: await asked("start", () => step(options, stop, "start", (signal) => startTimes(options.runs, signal))),
    backlogs: await asked("backlog", () => allBacklogs(options, stop)),
    memory: await asked("memory", async () => ({
      events: few,
      ...(await step(options, stop, "memory", (signal) => workerMemory({ events: few, concurrency }, signal))),
    })),
  };

  const seconds = Math.round((performance.now() - started) / 1_000);
  const command = ["npm run bench --", ...process.argv.slice(2)].join(" ");
  console.log(`\n${command}   (${seconds} s)\n${machine}\n`);
  console.log(reportOf(results, options, PER_SECOND));
  const figures = figuresOf(results);
  if (json !== undefined)
    await writeFile(json, `${JSON.stringify({ command, machine, options, figures, ...results }, undefined, 2)}\n`);
  if (earlier) console.log(`against ${against}\n${againstEarlier(figures, earlier).join("\n")}\n`);
}

async function throughputs(options: Options, stop: AbortSignal): Promise<Results["throughput"]> {
  const found = [];
  for (let run = 0; run < options.runs; run++) found.push(await oneRun(options, stop, run));
  return found;
}

/** They take turns in who goes first, so that a machine that warms up or is throttled favours none. */
async function oneRun(options: Options, stop: AbortSignal, run: number): Promise<Results["throughput"][number]> {
  const of: ThroughputOptions = {
    events: options.events,
    warmUp: Math.min(WARM_UP, options.events),
    concurrency: options.concurrency,
    profileFolder: options.profile,
  };
  const found = new Map<Contestant, Throughput>();
  for (const index of CONTESTANTS.keys()) {
    const name = CONTESTANTS[(index + run) % CONTESTANTS.length] ?? "worker";
    const measure = (signal: AbortSignal) => MEASURE[name](of, signal);
    found.set(name, await step(options, stop, `throughput, run ${run + 1}: ${name}`, measure));
  }
  const [worker, loop, queue, both] = CONTESTANTS.map((name) => found.get(name));
  if (!worker || !loop || !queue || !both) throw new Error("a measurement is missing");
  if (worker.runs !== options.events) throw new Error(`${options.events} events had ${worker.runs} handler runs`);
  return { worker, loop, queue, both };
}

/** Worker and loop side by side, so that both wait for the same machine. */
async function latencies(options: Options, stop: AbortSignal): Promise<Results["latency"]> {
  const found = [];
  for (const callMs of CALL_MS) {
    const of = { perSecond: PER_SECOND, seconds: options.latencyS, concurrency: options.concurrency, callMs };
    const both = await step(options, stop, `latency, ${callMs} ms a call: worker and loop`, async (signal) => {
      const [worker, loop] = await Promise.all([workerLatency(of, signal), loopLatency(of, signal)]);
      return { callMs, worker, loop };
    });
    found.push(both);
  }
  return found;
}

async function calls(options: Options, stop: AbortSignal): Promise<Results["calls"]> {
  const of = { seconds: options.callsS, concurrency: options.concurrency };
  return await step(options, stop, "calls: worker and loop", async (signal) => {
    const [worker, loop] = await Promise.all([workerCalls(of, signal), loopCalls(of, signal)]);
    return { worker, loop };
  });
}

async function allOdd(options: Options, stop: AbortSignal): Promise<Odd[]> {
  const { events, concurrency } = options;
  const found: Odd[] = [];
  for (const one of ODD_CASES) {
    const measure = (signal: AbortSignal) =>
      oddEvents(one, { events, warmUp: Math.min(WARM_UP, events), concurrency }, signal);
    found.push(await step(options, stop, one.name, measure));
  }
  return found;
}

async function allBacklogs(options: Options, stop: AbortSignal): Promise<Backlog[]> {
  const found: Backlog[] = [];
  for (const one of backlogCases(options.few))
    found.push(await step(options, stop, one.name, (signal) => backlog(one, options.concurrency, signal)));
  return found;
}

async function step<T>(
  options: Options,
  stop: AbortSignal,
  name: string,
  measure: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  console.error(name);
  return await measure(AbortSignal.any([stop, AbortSignal.timeout(patienceMs(options))]));
}
