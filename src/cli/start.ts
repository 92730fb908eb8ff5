/** The process: reads the environment, handles signals, sets the exit code. */
import type { App, AppOptions } from "../worker/app-contract.ts";
import { startApp } from "../worker/app.ts";
import { readLiveConfig } from "../worker/live-config.ts";
import { loadHandlers } from "../worker/load-handlers.ts";
import { createLog, stopOnSignal } from "./process.ts";

/** Added to the grace period, for closing connections. */
export const OVERTIME_MS = 5_000;

type MainOptions = Pick<AppOptions, "beforeStart" | "workTerms"> & { readonly onStarted?: (app: App) => void };

/** Runs until a signal stops it, or it cannot go on. */
export async function main(
  env: Readonly<Record<string, string | undefined>>,
  { onStarted, ...given }: MainOptions = {},
): Promise<void> {
  const { config, watch } = readLiveConfig(env);
  const log = await createLog(config.logLevel);
  const handlers = await loadHandlers(config);
  const stop = async (): Promise<void> => await (await starting).stop();
  // Until then a signal may end the process at once, because no handler runs yet.
  const beforeWork = (): void => stopOnSignal(stop, config.shutdownGraceMs + OVERTIME_MS, log);
  const starting = startApp({ config, handlers, log, ...given, beforeWork });
  const app = await starting;
  watch(log, app.ended);
  onStarted?.(app);
  if (await app.ended) process.exit(1);
}
