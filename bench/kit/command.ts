/** Runs a command of the bench. Ctrl-C aborts `signal`. A wrong option prints its message and exits with 2. */
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
    // Ctrl-C also reaches a part that is just starting, and the error of its end may arrive first.
    const reason: unknown = stop.signal.aborted ? stop.signal.reason : err;
    const expected = stop.signal.aborted || err instanceof UsageError;
    console.error(expected && reason instanceof Error ? reason.message : reason);
    process.exitCode ??= err instanceof UsageError ? 2 : 1;
  }
}
