/** The exit code distinguishes a mistake from a failure. */
import { ConfigError } from "../config/config-error.ts";
import { UnavailableError } from "../core/errors.ts";
import { toError } from "../core/failure.ts";
import { exitWith } from "./terminal.ts";

/** `run` resolves with an exit code, or with nothing if the process is to end by itself. */
type Run = () => Promise<number | void>;

/** Ends the process with the exit code of `run`. */
export async function orExit(run: Run): Promise<void> {
  const code = await exitCodeOf(run);
  if (code !== undefined) exitWith(code);
}

/**
 * Prints the error of `run`. Exit code 2: a mistake that the operator must fix, so a supervisor should not restart it.
 * Exit code 1: a failure that may pass.
 */
export async function exitCodeOf(run: Run): Promise<number | undefined> {
  try {
    return (await run()) ?? undefined;
  } catch (err) {
    const mistake = await mistakeIn(err);
    process.stderr.write(`${mistake ?? toError(err).stack}\n`);
    return mistake === undefined || err instanceof UnavailableError ? 1 : 2;
  }
}

/**
 * The text of an error that the operator must fix. A message about a wrong setting begins with the setting's name.
 * Parts that cannot import `ConfigError` follow this rule too.
 */
export async function mistakeIn(err: unknown): Promise<string | undefined> {
  if (!(err instanceof Error)) return undefined;
  if (err instanceof ConfigError) return err.message;
  // Imported late: loading all settings is slow, and most runs of a command have no mistake.
  const { VARIABLES } = await import("../config/all-settings.ts");
  return VARIABLES.some((name) => err.message.startsWith(`${name}: `)) ? err.message : undefined;
}
