/** The speed of a backlog of events, and its cost. */
import { createRow, type Terms } from "../kit/row.ts";
import { cell } from "../kit/table.ts";
import { WARM_UP } from "../kit/vendor.ts";
import { CONTESTANTS, type Throughput, type ThroughputOptions } from "./contestants.ts";
import { figuresOf, reportOf, type Run } from "./throughput-report.ts";

const NAMES = ["worker", "loop", "queue", "both"] as const;

export const throughput = createRow({
  async measure(terms) {
    const runs = [];
    for (let run = 0; run < terms.options.runs; run += 1) runs.push(await oneRun(terms, run));
    return runs;
  },
  figures: (runs, { events }) => figuresOf(runs, events),
  sections(runs, { events, concurrency }) {
    const many = cell([events]);
    const how = runs.length > 1 ? `medians of ${runs.length} runs (smallest to largest)` : "one run";
    const title = `${how}, in fresh warm processes: ${many} events of all types in turn, ${concurrency} handlers at once`;
    return [{ title, table: reportOf(runs, events) }];
  },
});

/** The contestants take turns to go first, so that a machine that warms up or is throttled favours none. */
async function oneRun({ options, step }: Terms, run: number): Promise<Run> {
  const { events, concurrency, profile: profileFolder } = options;
  const of: ThroughputOptions = { events, warmUp: Math.min(WARM_UP, events), concurrency, profileFolder };
  const found = new Map<keyof typeof CONTESTANTS, Throughput>();
  for (const index of NAMES.keys()) {
    const name = NAMES[(index + run) % NAMES.length] ?? "worker";
    found.set(name, await step(`throughput, run ${run + 1}: ${name}`, (signal) => CONTESTANTS[name](of, signal)));
  }
  const [worker, loop, queue, both] = NAMES.map((name) => found.get(name));
  if (!worker || !loop || !queue || !both) throw new Error("a measurement is missing");
  if (worker.runs !== events) throw new Error(`${events} events had ${worker.runs} handler runs`);
  return { worker, loop, queue, both };
}
