import { z } from "zod";
import { readFlags } from "../src/simulators/kit/flags.ts";
import { someOf, whole } from "./kit/flags.ts";

export const HELP = `Usage: npm run bench -- [options]

Measures this machine against itself: the whole worker beside a plain loop and beside BullMQ alone, in the same run.

  --quick             less of fewer things, in about a minute: for a first look, its noise is larger
  --events N          events of each throughput run, after 1,000 that do not count (60000), and of the long run (1000000)
  --runs N            runs of throughput and start, each in fresh processes, taking turns (3)
  --concurrency N     handlers at once (32)
  --only A,B          of throughput, latency, calls, odd, start, ceiling, growth, scale, large,
                      backlog, memory, history, long-run, peers (all)
  --owed N            unconfirmed events in Redis beside which \`large\` measures, 3.5 KB each (100000)
  --json FILE         every number of every run
  --against FILE      compares with such a file of an earlier run: what got worse beyond its noise?
  --profile FOLDER    leaves a CPU profile of each throughput worker there
  --help
`;

const flagsOf = (rows: readonly string[]) =>
  z.object({
    quick: z.boolean().default(false),
    events: whole(1, 1_000_000).optional(),
    runs: whole(1, 100).optional(),
    concurrency: whole(1, 1_000).default(32),
    only: someOf(rows).optional(),
    owed: whole(1, 1_000_000).optional(),
    json: z.string().min(1).optional(),
    against: z.string().min(1).optional(),
    profile: z.string().min(1).optional(),
  });

export type Options = ReturnType<typeof sized>;

/** Undefined when help was asked for. */
export function readOptions(argv: readonly string[], rows: readonly string[]): Options | undefined {
  const flags = readFlags(flagsOf(rows), argv, ["quick"]);
  return flags && sized(flags, rows);
}

/** The sizes of all measurements. */
function sized(
  { quick, only, events, runs, owed, ...others }: z.infer<ReturnType<typeof flagsOf>>,
  rows: readonly string[],
) {
  const most = quick ? QUICK : { ...WHOLE, rows };
  const given = events ?? most.events;
  const many = events ?? most.many;
  const unconfirmed = owed ?? most.owed;
  return {
    ...most,
    ...others,
    quick,
    only: only ?? most.rows,
    events: given,
    runs: runs ?? most.runs,
    few: Math.min(given, most.few),
    many,
    owed: unconfirmed,
    patienceMs: LEAST_PATIENCE_MS + Math.max(given, many, unconfirmed, most.parked) * PATIENCE_MS_PER_EVENT,
  };
}

/** The time limit of one measurement. It is far more than needed, and only ends one that hangs. */
const LEAST_PATIENCE_MS = 180_000;
const PATIENCE_MS_PER_EVENT = 20;

/**
 * `few`: events for rows that keep all events at once or take long for each. `many`: events of the long run. The names
 * that end in `S`: seconds. `parked`, `owed`, `held`: events beside which the row `large` measures.
 */
const WHOLE = {
  events: 60_000,
  runs: 3,
  few: 10_000,
  latencyS: 20,
  callsS: 20,
  ceilingS: 300,
  scaleS: 15,
  many: 1_000_000,
  parked: 100_000,
  owed: 100_000,
  held: 500,
  heldS: 60,
  returnS: 30,
  idleS: 10,
};
const QUICK = {
  rows: ["throughput", "latency", "calls", "odd", "start"],
  events: 3_000,
  runs: 1,
  few: 1_000,
  latencyS: 3,
  callsS: 3,
  ceilingS: 20,
  scaleS: 5,
  many: 10_000,
  parked: 1_000,
  owed: 1_000,
  held: 20,
  heldS: 5,
  returnS: 8,
  idleS: 2,
};
