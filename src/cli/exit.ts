/** The exit code tells a mistake from a failure. */
import { ConfigError } from "../config/config-error.ts";
import { UnavailableError } from "../core/errors.ts";
import { toError } from "../core/failure.ts";

/** A mistake that the operator must mend exits with 2, so that nobody starts it again and again; a failure that may pass exits with 1. */
export async function orExit(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (err) {
    const mistake = await mistakeIn(err);
    process.stderr.write(`${mistake ?? toError(err).stack}\n`);
    process.exit(mistake === undefined || err instanceof UnavailableError ? 1 : 2);
  }
}

/** Each part begins the message about a wrong setting with the setting's name, whether it knows `ConfigError` or not. */
async function mistakeIn(err: unknown): Promise<string | undefined> {
  if (!(err instanceof Error)) return undefined;
  if (err instanceof ConfigError) return err.message;
  // Knowing all settings takes longer than to print a help text, and most commands make no mistake.
  const { VARIABLES } = await import("../config/all-settings.ts");
  return VARIABLES.some((name) => err.message.startsWith(`${name}: `)) ? err.message : undefined;
}
