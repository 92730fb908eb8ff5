/** `npm run chaos`: everything it starts ends with it. */
import { UsageError } from "../../src/vendors/common/usage-error.ts";
import { runChaos } from "./chaos.ts";
import { HELP, readOptions } from "./options.ts";
import { reportOf, violationsOf } from "./report.ts";

const SHOWN = 20;
const stop = new AbortController();
for (const [name, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.on(name, () => {
    process.exitCode ??= code;
    stop.abort();
  });

try {
  const options = readOptions(process.argv.slice(2));
  if (!options) console.log(HELP);
  else {
    console.log(
      ["npm run chaos --", ...Object.entries(options).map(([name, value]) => `--${name} ${value}`)].join(" "),
    );
    const verdict = await runChaos(options, (line) => console.error(line), stop.signal);
    const violations = violationsOf(verdict);
    console.log(`\n${reportOf(verdict)}\n`);
    for (const violation of violations.slice(0, SHOWN)) console.log(violation);
    console.log(violations.length === 0 ? "every promise held" : `${violations.length} violations`);
    process.exitCode ??= violations.length === 0 ? 0 : 1;
  }
} catch (err) {
  console.error(err instanceof UsageError ? err.message : err);
  process.exitCode ??= err instanceof UsageError ? 2 : 1;
}
