/** `npm run simulate`: one vendor's simulator on its own, with events coming. */
import { parseArgs } from "node:util";
import { ConfigError } from "../config/config-error.ts";
import { COMMANDS } from "../simulators/commands.ts";
import { UsageError } from "../simulators/kit/usage-error.ts";
import { createLog, stopOnSignal } from "./process.ts";
import { print } from "./terminal.ts";

const NAMES = Object.keys(COMMANDS);

const HELP = `Others are simulated with --vendor NAME, each with options of its own (--vendor NAME --help):

${Object.entries(COMMANDS)
  .map(([name, { about }]) => `  ${name.padEnd(21)}  ${about}\n`)
  .join("")}`;

const GRACE_MS = 5_000;

/** A reader such as `head` has closed the pipe: stop quietly. */
process.stdout.on("error", (err: NodeJS.ErrnoException) => process.exit(err.code === "EPIPE" ? 0 : 1));

export async function simulate(argv: readonly string[]): Promise<void> {
  try {
    const { vendor, others } = readVendor(argv);
    const command = Object.hasOwn(COMMANDS, vendor) ? COMMANDS[vendor] : undefined;
    if (!command) throw new UsageError(`--vendor: there is no ${vendor}; use ${NAMES.join(", ")}`);
    const simulator = await (await command.load()).simulate(others, print);
    if (others.includes("--help")) return print(HELP);
    stopOnSignal(() => simulator.close(), GRACE_MS, await createLog("warn"));
  } catch (err) {
    if (err instanceof UsageError) throw new ConfigError([err.message]);
    throw err;
  }
}

/** Removes `--vendor`. The simulator of the vendor reads all other flags. */
function readVendor(argv: readonly string[]): { readonly vendor: string; readonly others: readonly string[] } {
  const { tokens } = parseArgs({
    args: [...argv],
    options: { vendor: { type: "string" } },
    strict: false,
    tokens: true,
  });
  const flag = tokens.findLast((token) => token.kind === "option" && token.name === "vendor");
  if (flag?.kind !== "option") return { vendor: NAMES[0] ?? "", others: argv };
  if (flag.value === undefined) throw new UsageError(`--vendor: which one? Use ${NAMES.join(", ")}`);
  return { vendor: flag.value, others: argv.toSpliced(flag.index, flag.inlineValue ? 1 : 2) };
}
