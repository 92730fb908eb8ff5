/** The process: environment in, signals, exit code. */
import { type AppOptions, startApp } from "../worker/app.ts";
import { readConfig } from "../config/config.ts";
import { loadHandlers } from "../worker/load-handlers.ts";
import { createLog, stopOnSignal } from "./process.ts";

/** On top of the grace period, for what is still open after it. */
const OVERTIME_MS = 5_000;

export async function main(
  env: Readonly<Record<string, string | undefined>>,
  beforeStart?: AppOptions["beforeStart"],
): Promise<void> {
  const config = readConfig(env);
  const log = createLog(config.logLevel);
  const handlers = await loadHandlers(config);
  const app = await startApp({ config, handlers, log, beforeStart });
  stopOnSignal(() => app.stop(), config.shutdownGraceMs + OVERTIME_MS, log);
  const reason = await app.ended;
  if (reason) process.exit(1);
}
