/** What every command of ours needs of its process: a log, an exit code for mistakes, an orderly end. */
import closeWithGrace from "close-with-grace";
import { pino, type Logger } from "pino";
import pretty from "pino-pretty";
import { ConfigError, type Config } from "./config.ts";

/** Ctrl-C under npm arrives twice within a millisecond; a person's second one comes later. */
const SECOND_SIGNAL_MS = 500;

/** What the operator must mend exits with 2, everything else with 1; neither with a stack trace for the first. */
export async function orExit(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (err) {
    const expected = err instanceof ConfigError || (err instanceof Error && /^[A-Z_]+: /.test(err.message));
    process.stderr.write(`${expected ? err.message : err instanceof Error ? err.stack : String(err)}\n`);
    process.exit(expected ? 2 : 1);
  }
}

export function createLog(level: Config["logLevel"]): Logger {
  return pino(
    { level, base: null },
    process.stdout.isTTY ? pretty({ colorize: true, ignore: "pid,hostname" }) : undefined,
  );
}

/** SIGTERM and SIGINT stop in order; a second signal after half a second exits at once. */
export function stopOnSignal(stop: () => Promise<void>, mostMs: number, log: Logger): void {
  const grace = closeWithGrace({ delay: mostMs, logger: false, skip: ["SIGTERM", "SIGINT"] }, async ({ err }) => {
    if (err) log.fatal({ err }, "unexpected error, stopping");
    await stop();
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
