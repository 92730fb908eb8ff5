/**
 * A worker inside a program of the user's own. Signals, exit codes and everything global stay that program's. The worker
 * hears of unhandled rejections while it runs, and takes those of its handlers; the others end that program as ever.
 */
import { ConfigError } from "../config/config-error.ts";
import type { Handler } from "../core/handler.ts";
import type { App } from "./app-contract.ts";
import { startApp } from "./app.ts";
import { checkHandlers, kindOf } from "./check-handlers.ts";
import { readLiveConfig } from "./live-config.ts";
import { createJsonLog, createLogInto, type WorkerLog } from "./log.ts";

export type StartWorkerOptions = {
  /**
   * The settings that `.env.example` lists, `process.env` or any other object. Nothing else is read but the files of
   * `NAME_FILE`: no `.env` file, and no HANDLERS.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly handlers: readonly Handler[];
  /** A handler of a type that no vendor is known to have is a mistake, and not only a line in the log. */
  readonly strict?: boolean;
  /** JSON lines on standard output without one. LOG_LEVEL says from which level on it hears. */
  readonly log?: WorkerLog;
};

/** Resolves once it works. Rejects with a `ConfigError` that names every mistake, or when Redis cannot be reached. */
export async function startWorker({ env, handlers, strict = false, log }: StartWorkerOptions): Promise<App> {
  const { config, watch } = readLiveConfig({ ...env, HANDLERS: undefined });
  const given: unknown = handlers;
  if (!Array.isArray(given)) throw new ConfigError([`handlers: ${kindOf(given)} is not a list of handlers`]);
  const { logLevel } = config;
  const own = log ? createLogInto(log, logLevel) : createJsonLog(logLevel);
  const app = await startApp({ config, handlers: checkHandlers(given, "handlers", { strict }), log: own });
  watch(own, app.ended);
  return app;
}
