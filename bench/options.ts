import { parseArgs } from "node:util";
import { z } from "zod";

export const HELP = `Usage: npm run bench -- [options]

Measures this machine against itself: the whole worker beside a plain loop and beside BullMQ alone, in the same run.

  --events N          events of the throughput and memory parts (10000)
  --runs N            throughput runs, each in fresh processes (3, or what a minute allows)
  --concurrency N     handlers at once (32)
  --only A,B          throughput, latency, memory (all three)
  --json FILE         every number of every run
  --profile FOLDER    leaves a CPU profile of each throughput worker there
  --help
`;

const PARTS = ["throughput", "latency", "memory"] as const;

const whole = (most: number) =>
  z
    .string()
    .regex(/^\d{1,7}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.int().min(1).max(most));

const Flags = z.object({
  events: whole(100_000).default(10_000),
  runs: whole(100).optional(),
  concurrency: whole(1_000).default(32),
  only: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(PARTS, { error: `must be of ${PARTS.join(", ")}` })))
    .default([...PARTS]),
  json: z.string().min(1).optional(),
  profile: z.string().min(1).optional(),
});

export type Options = z.infer<typeof Flags>;

/** What whoever typed the command must mend. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Undefined when help was asked for. */
export function readOptions(argv: readonly string[]): Options | undefined {
  const { help, ...given } = valuesOf(argv);
  if (help === true) return undefined;
  const read = Flags.safeParse(given);
  if (read.success) return read.data;
  throw new UsageError(read.error.issues.map(({ path, message }) => `--${String(path[0])}: ${message}`).join("\n"));
}

function valuesOf(argv: readonly string[]): Readonly<Record<string, unknown>> {
  const options = Object.fromEntries(Object.keys(Flags.shape).map((name) => [name, { type: "string" } as const]));
  try {
    return parseArgs({ args: [...argv], options: { ...options, help: { type: "boolean" } } }).values;
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)} (--help lists the options)`, {
      cause,
    });
  }
}
