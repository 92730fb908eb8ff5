/** What every command of ours needs of its process: a log, an exit code for mistakes, an orderly end. */
import closeWithGrace from "close-with-grace";
import type { Logger } from "pino";
import pretty from "pino-pretty";
import { ConfigError } from "../config/config-error.ts";
import type { Config } from "../config/config.ts";
import { VARIABLES } from "../config/all-settings.ts";
import { UnavailableError } from "../core/errors.ts";
import { toError } from "../core/failure.ts";
import { createJsonLog } from "../worker/log.ts";

/** Ctrl-C under npm arrives twice within a millisecond; a person's second one comes later. */
const SECOND_SIGNAL_MS = 500;

/** What the operator must mend exits with 2, so that nobody starts it again and again; what may mend itself with 1. */
export async function orExit(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (err) {
    const mistake = mistakeIn(err);
    process.stderr.write(`${mistake ?? toError(err).stack}\n`);
    process.exit(mistake === undefined || err instanceof UnavailableError ? 1 : 2);
  }
}

/** Whoever finds out what a setting is wrong about begins the message with its name; all parts do, whether they know `ConfigError` or not. */
function mistakeIn(err: unknown): string | undefined {
  if (!(err instanceof Error)) return undefined;
  const named = VARIABLES.some((name) => err.message.startsWith(`${name}: `));
  return named || err instanceof ConfigError ? err.message : undefined;
}

export function createLog(level: Config["logLevel"]): Logger {
  return createJsonLog(level, process.stdout.isTTY ? pretty({ colorize: true, ignore: "pid,hostname" }) : undefined);
}

/** SIGTERM and SIGINT stop in order; a second signal after half a second exits at once. */
export function stopOnSignal(stop: () => Promise<void>, mostMs: number, log: Logger): void {
  const onSecondError = (err: unknown): void => log.fatal({ err }, "another unexpected error, exiting at once");
  const skip: ("SIGTERM" | "SIGINT")[] = ["SIGTERM", "SIGINT"];
  const grace = closeWithGrace({ delay: mostMs, logger: false, skip, onSecondError }, async (ending) => {
    if ("err" in ending) log.fatal({ err: ending.err }, "unexpected error, stopping");
    await stop();
    // A rejection with null is taken for none, and the process would exit with 0.
    if ("err" in ending) throw toError(ending.err);
  });
  let first: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (first === undefined) {
      first = performance.now();
      log.info({ signal }, "signal received");
      grace.close();
    } else if (performance.now() - first > SECOND_SIGNAL_MS) {
      log.warn({ signal }, "second signal, exiting at once");
      process.exit(1);
    }
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}
