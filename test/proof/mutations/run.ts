/** `npm run proof:mutations`: breaks a copy of the code on purpose, and sees which part of the proof finds out. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { z } from "zod";
import { runCommand } from "../../../bench/command.ts";
import { readFlags } from "../../../src/simulators/kit/flags.ts";
import { UsageError } from "../../../src/simulators/kit/usage-error.ts";
import { mutatedCopy } from "./mutate.ts";
import { type Mutation, MUTATIONS } from "./mutations.ts";

const HELP = `Usage: npm run proof:mutations -- [options]

Breaks a copy of the code in one way after the other, and runs the proofs on it until one finds out.

  --all           runs every proof on every one, for the whole table (40 minutes)
  --only TEXT     those that have this in their name
  --help

Ends with 1 if one was not caught, or if a proof fails on code that nobody broke.
`;

const VITEST = ["node_modules/vitest/vitest.mjs", "run", "--bail=1"];
/** The cheapest first. */
const PROOFS: Readonly<Record<string, readonly string[]>> = {
  contract: [
    ...VITEST,
    "test/queue/inbox.redis.test.ts",
    "test/queue/crashes.redis.test.ts",
    "test/ledger/layout.redis.test.ts",
    "test/ledger/sweep.redis.test.ts",
  ],
  model: [...VITEST, "test/proof/model"],
  windows: [...VITEST, "test/proof/chaos/crash-windows.test.ts"],
  restart: [...VITEST, "test/proof/chaos/rolling-restart.test.ts"],
  chaos: ["test/proof/chaos/run.ts", "--events", "5000", "--minutes", "0.5"],
};
const PATIENCE_MS = 400_000;
const CAUGHT = "caught";

const Flags = z.object({ all: z.boolean().default(false), only: z.string().default("") });

await runCommand(async (argv, signal) => {
  const flags = readFlags(Flags, argv, ["all"]);
  if (flags) await proveAll(flags, signal);
  else console.log(HELP);
});

async function proveAll({ all, only }: z.infer<typeof Flags>, signal: AbortSignal): Promise<void> {
  const chosen = MUTATIONS.filter(({ name }) => name.includes(only));
  if (chosen.length === 0) throw new UsageError(`--only: no mutation has "${only}" in its name`);
  const names = Object.keys(PROOFS);
  const width = Math.max(...chosen.map(({ name }) => name.length));
  const row = (name: string, cells: readonly string[]): void =>
    console.log([name.padEnd(width), ...cells.map((cell) => cell.padEnd(10))].join("  ").trimEnd());

  row("", names);
  const control = await prove(undefined, true, signal);
  row(
    "(nothing broken)",
    names.map((name) => control.get(name) ?? ""),
  );
  let caught = 0;
  for (const mutation of chosen) {
    const found = await prove(mutation, all, signal);
    if ([...found.values()].includes(CAUGHT)) caught += 1;
    row(
      mutation.name,
      names.map((name) => found.get(name) ?? ""),
    );
  }
  console.log(`\n${caught} of ${chosen.length} caught`);
  if (caught < chosen.length || [...control.values()].includes(CAUGHT)) process.exitCode = 1;
}

async function prove(
  mutation: Mutation | undefined,
  all: boolean,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const copy = await mutatedCopy(mutation);
  const found = new Map<string, string>();
  try {
    for (const [name, args] of Object.entries(PROOFS)) {
      found.set(name, (await passes(copy.folder, args, signal)) ? "-" : CAUGHT);
      if (!all && found.get(name) === CAUGHT) break;
    }
  } finally {
    await copy.remove();
  }
  return found;
}

async function passes(cwd: string, args: readonly string[], signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted();
  const child = spawn(join(cwd, "bin/node"), args, { cwd, stdio: "ignore", timeout: PATIENCE_MS, signal });
  const [code] = await once(child, "exit");
  return code === 0;
}
