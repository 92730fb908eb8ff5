/** `npm run proof:mutations`. It breaks a copy of the code on purpose, and shows which parts of the proof fail. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { runCommand } from "../../../bench/kit/command.ts";
import { whole } from "../../../bench/kit/flags.ts";
import { readFlags } from "../../../src/simulators/kit/flags.ts";
import { UsageError } from "../../../src/simulators/kit/usage-error.ts";
import { mutatedCopy } from "./mutate.ts";
import { type Mutation, MUTATIONS } from "./mutations.ts";

const HELP = `Usage: npm run proof:mutations -- [options]

Breaks a copy of the code in one way after the other, and runs the proofs on it until one finds out.

  --all           runs every proof on every one, for the whole table
  --only TEXT     those that have this in their name
  --at-once N     so many copies side by side (default 2)
  --help

Ends with 1 if one was not caught, or if a proof fails on code that nobody broke.
`;

const VITEST = ["node_modules/vitest/vitest.mjs", "run", "--bail=1"];
/** The cheapest proofs run first. */
const PROOFS: Readonly<Record<string, readonly string[]>> = {
  contract: [
    ...VITEST,
    "test/queue/inbox.redis.test.ts",
    "test/queue/crashes.redis.test.ts",
    "test/ledger/bullmq.redis.test.ts",
    "test/ledger/layout.redis.test.ts",
    "test/ledger/sweep.redis.test.ts",
    "test/desk/history.redis.test.ts",
  ],
  model: [...VITEST, "test/proof/model"],
  windows: [...VITEST, "test/proof/chaos/crash-windows.test.ts"],
  restart: [...VITEST, "test/proof/chaos/rolling-restart.test.ts"],
  chaos: ["test/proof/chaos/run.ts", "--events", "5000", "--minutes", "0.5"],
};
const PATIENCE_MS = 400_000;

const Flags = z.object({
  all: z.boolean().default(false),
  only: z.string().default(""),
  "at-once": whole(1, 20).default(2),
});

await runCommand(async (argv, signal) => {
  const flags = readFlags(Flags, argv, ["all"]);
  if (flags) await proveAll(flags, signal);
  else console.log(HELP);
});

/** `finding` is the name of the failed test. */
type Outcome = { readonly proof: string; readonly finding: string | undefined };

async function proveAll({ all, only, "at-once": atOnce }: z.infer<typeof Flags>, signal: AbortSignal): Promise<void> {
  const chosen = MUTATIONS.filter(({ name }) => name.includes(only));
  if (chosen.length === 0) throw new UsageError(`--only: no mutation has "${only}" in its name`);
  const control = await prove(undefined, true, signal);
  tell("(nothing broken)", control);
  let caught = 0;
  const queue = chosen.values();
  const work = async (): Promise<void> => {
    for (const mutation of queue) {
      const outcomes = await prove(mutation, all, signal);
      tell(mutation.name, outcomes);
      if (outcomes.some(({ finding }) => finding)) caught += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  console.log(`\n${caught} of ${chosen.length} caught`);
  if (caught < chosen.length || control.some(({ finding }) => finding)) process.exitCode = 1;
}

/** Prints the failed test as well. A failed test that has nothing to do with the mutation has not caught it. */
function tell(name: string, outcomes: readonly Outcome[]): void {
  const lines = outcomes.map(({ proof, finding }) => `  ${proof.padEnd(9)} ${finding ?? "-"}`);
  console.log([name, ...lines].join("\n"));
}

async function prove(mutation: Mutation | undefined, all: boolean, signal: AbortSignal): Promise<readonly Outcome[]> {
  const copy = await mutatedCopy(mutation);
  const outcomes: Outcome[] = [];
  try {
    for (const [proof, args] of Object.entries(PROOFS)) {
      const finding = await findingOf(copy.folder, args, signal);
      outcomes.push({ proof, finding });
      if (!all && finding) break;
    }
  } finally {
    await copy.remove();
  }
  return outcomes;
}

async function findingOf(cwd: string, args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  signal.throwIfAborted();
  const env = { ...process.env, NO_COLOR: "1" };
  const child = spawn(join(cwd, "bin/node"), args, {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: PATIENCE_MS,
    signal,
  });
  const [output, trouble, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  if (code === 0) return undefined;
  if (code === null) return `not done within ${PATIENCE_MS / 1_000} s`;
  const lines = `${trouble}\n${output}`.trimEnd().split("\n");
  return (lines.find((line) => /^\s*FAIL /.test(line)) ?? lines.at(-1) ?? "").trim();
}
