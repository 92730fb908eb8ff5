/** `npm run bench`: measured, never asserted on time. Everything it starts ends with it. */
import { writeFile } from "node:fs/promises";
import { backlog, type Backlog, backlogCases } from "./backlog.ts";
import { runCommand } from "./command.ts";
import { loopLatency, workerLatency } from "./latency.ts";
import { describeMachine } from "./machine.ts";
import { workerMemory } from "./memory.ts";
import { HELP, type Options, readOptions } from "./options.ts";
import { backlogReport, latencyReport, memoryReport, type Results, throughputReport } from "./report.ts";
import { loopThroughput, queueThroughput, type Throughput, workerThroughput } from "./throughput.ts";

const CONTESTANTS = ["worker", "loop", "queue"] as const;
type Contestant = (typeof CONTESTANTS)[number];
const MEASURE = { worker: workerThroughput, loop: loopThroughput, queue: queueThroughput };

const RUNS = 3;
/** On a machine that is busy with other things fewer runs have to do, unless their number was asked for. */
const BUDGET_MS = 60_000;

const PACE = { perSecond: 100, seconds: 20 };
/** For one measurement: far more than it needs, so that one that hangs ends. */
const patienceMs = ({ events }: Options): number => 120_000 + events * 20;

await runCommand(async (argv, signal) => {
  const options = readOptions(argv);
  if (options) await bench(options, signal);
  else console.log(HELP);
});

async function bench(options: Options, stop: AbortSignal): Promise<void> {
  const { events, concurrency, only, json } = options;
  const started = performance.now();
  const machine = await describeMachine(stop);
  const throughput = only.includes("throughput") ? await throughputs(options, stop) : [];
  const backlogs = only.includes("backlog") ? await allBacklogs(options, stop) : undefined;
  const latency = only.includes("latency") ? await latencies(options, stop) : undefined;
  const memory = only.includes("memory")
    ? await step(options, stop, "memory", (signal) => workerMemory({ events, concurrency }, signal))
    : undefined;

  const seconds = Math.round((performance.now() - started) / 1_000);
  const command = ["npm run bench --", ...process.argv.slice(2)].join(" ");
  const numbers = `${events.toLocaleString("en-US")} events of all types in turn, ${concurrency} handlers at once`;
  console.log(`\n${command}   (${seconds} s)\n${machine}\n${numbers}\n`);
  if (throughput.length > 0) {
    const runs = throughput.length;
    console.log(runs > 1 ? `medians of ${runs} runs (smallest to largest), in fresh processes` : "one run");
    console.log(`${throughputReport(throughput, events)}\n`);
  }
  if (backlogs) {
    console.log("each beside the same events without a limit");
    console.log(`${backlogReport(backlogs)}\n`);
  }
  if (latency) {
    console.log(`${PACE.perSecond} events/s for ${PACE.seconds} s, both at the same time`);
    console.log(`${latencyReport(latency, PACE.perSecond * PACE.seconds)}\n`);
  }
  if (memory) {
    console.log(
      `${events.toLocaleString("en-US")} events held by busy handlers, then confirmed, then over their grace`,
    );
    console.log(`${memoryReport(memory, events)}\n`);
  }
  if (json !== undefined)
    await writeFile(
      json,
      JSON.stringify({ command, machine, options, throughput, backlogs, latency, memory }, null, 2),
    );
}

async function throughputs(options: Options, stop: AbortSignal): Promise<Results["throughput"]> {
  const started = performance.now();
  const results: Results["throughput"] = [];
  while (results.length < (options.runs ?? RUNS)) {
    const isLate = options.runs === undefined && performance.now() - started > BUDGET_MS;
    if (results.length > 0 && isLate) break;
    results.push(await oneRun(options, stop, results.length));
  }
  return results;
}

async function allBacklogs(options: Options, stop: AbortSignal): Promise<Backlog[]> {
  const found: Backlog[] = [];
  for (const one of backlogCases(options.events))
    found.push(await step(options, stop, one.name, (signal) => backlog(one, options.concurrency, signal)));
  return found;
}

/** The three take turns in who goes first, so that a machine that warms up or is throttled favours none. */
async function oneRun(options: Options, stop: AbortSignal, run: number): Promise<Results["throughput"][number]> {
  const { events, concurrency, profile: profileFolder } = options;
  const found = new Map<Contestant, Throughput>();
  for (const index of CONTESTANTS.keys()) {
    const name = CONTESTANTS[(index + run) % CONTESTANTS.length] ?? "worker";
    const measure = (signal: AbortSignal) => MEASURE[name]({ events, concurrency, profileFolder }, signal);
    found.set(name, await step(options, stop, `throughput, run ${run + 1}: ${name}`, measure));
  }
  const [worker, loop, queue] = CONTESTANTS.map((name) => found.get(name));
  if (!worker || !loop || !queue) throw new Error("a measurement is missing");
  return { worker, loop, queue };
}

/** Side by side, so that both wait for the same machine. */
async function latencies(options: Options, stop: AbortSignal): Promise<Results["latency"]> {
  const of = { ...PACE, concurrency: options.concurrency };
  return await step(options, stop, "latency: worker and loop", async (signal) => {
    const [worker, loop] = await Promise.all([workerLatency(of, signal), loopLatency(of, signal)]);
    return { worker, loop };
  });
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
