/** The log and the orderly end of a command that keeps running. */
import closeWithGrace from "close-with-grace";
import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import { toError } from "../core/failure.ts";
import { createJsonLog } from "../worker/log.ts";

type Signals = "SIGTERM" | "SIGINT" | "unhandledRejection";

/** Ctrl-C under npm arrives twice within a millisecond; a person's second one comes later. */
const SECOND_SIGNAL_MS = 500;

export async function createLog(level: Config["logLevel"]): Promise<Logger> {
  if (!process.stdout.isTTY) return createJsonLog(level);
  // Only a terminal needs the pretty printer.
  const { default: pretty } = await import("pino-pretty");
  return createJsonLog(level, pretty({ colorize: true, ignore: "pid,hostname" }));
}

/** SIGTERM and SIGINT stop in order; a second signal after half a second exits at once. */
export function stopOnSignal(stop: () => Promise<void>, mostMs: number, log: Logger): void {
  const onSecondError = (err: unknown): void => log.fatal({ err }, "another unexpected error, exiting at once");
  // The worker listens for rejections. It throws those that come from no handler.
  const skip: Signals[] = ["SIGTERM", "SIGINT", "unhandledRejection"];
  const grace = closeWithGrace({ delay: mostMs, logger: false, skip, onSecondError }, async (ending) => {
    if ("err" in ending) log.fatal({ err: ending.err }, "unexpected error, stopping");
    await stop();
    // Otherwise a rejection with null would end the process with exit code 0.
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
