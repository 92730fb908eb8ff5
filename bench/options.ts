import { z } from "zod";
import { readFlags } from "../src/simulators/kit/flags.ts";
import { someOf, whole } from "./flags.ts";

export const HELP = `Usage: npm run bench -- [options]

Measures this machine against itself: the whole worker beside a plain loop and beside BullMQ alone, in the same run.

  --events N          events of the throughput and memory parts, and the scale of the backlogs (10000)
  --runs N            throughput runs, each in fresh processes (3, or what a minute allows)
  --concurrency N     handlers at once (32)
  --only A,B          throughput, backlog, latency, memory (all four)
  --json FILE         every number of every run
  --profile FOLDER    leaves a CPU profile of each throughput worker there
  --help
`;

const PARTS = ["throughput", "backlog", "latency", "memory"] as const;

const Flags = z.object({
  events: whole(1, 100_000).default(10_000),
  runs: whole(1, 100).optional(),
  concurrency: whole(1, 1_000).default(32),
  only: someOf(PARTS).default([...PARTS]),
  json: z.string().min(1).optional(),
  profile: z.string().min(1).optional(),
});

export type Options = z.infer<typeof Flags>;

/** Undefined when help was asked for. */
export function readOptions(argv: readonly string[]): Options | undefined {
  return readFlags(Flags, argv);
}
