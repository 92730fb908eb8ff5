/** What every command of the bench does with its process: Ctrl-C aborts `signal`, a wrong option is told and exits with 2. */
import { UsageError } from "../../src/simulators/kit/usage-error.ts";

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

export async function runCommand(run: (argv: readonly string[], signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.on(name, () => {
      process.exitCode ??= EXIT_CODES[name];
      stop.abort(new Error(`stopped by ${name}`));
    });
  try {
    await run(process.argv.slice(2), stop.signal);
  } catch (err) {
    // A part that is just starting hears Ctrl-C too, and its end may be what comes first.
    const reason: unknown = stop.signal.aborted ? stop.signal.reason : err;
    const expected = stop.signal.aborted || err instanceof UsageError;
    console.error(expected && reason instanceof Error ? reason.message : reason);
    process.exitCode ??= err instanceof UsageError ? 2 : 1;
  }
}
