/** `npm run chaos`. Everything that it starts ends with it. */
import { runCommand } from "../../../bench/kit/command.ts";
import { runChaos } from "./chaos.ts";
import { HELP, readOptions } from "./options.ts";
import { reportOf, violationsOf } from "./report.ts";

const SHOWN = 20;

await runCommand(async (argv, signal) => {
  const options = readOptions(argv);
  if (!options) return console.log(HELP);
  const given = Object.entries(options).map(([name, value]) => `--${name} ${value}`);
  console.log(["npm run chaos --", ...given].join(" "));
  const verdict = await runChaos(options, (line) => console.error(line), signal);
  signal.throwIfAborted();
  const violations = violationsOf(verdict);
  console.log(`\n${reportOf(verdict)}\n`);
  for (const violation of violations.slice(0, SHOWN)) console.log(violation);
  console.log(violations.length === 0 ? "every promise held" : `${violations.length} violations`);
  if (violations.length > 0) process.exitCode = 1;
});
