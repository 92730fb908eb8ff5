/**
 * A worker inside another program. Signals, exit codes and everything global stay with that program. While the worker
 * runs it listens for unhandled rejections and handles those of its handlers. All others end the program, as before.
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
  /** Treat a handler of an unknown type as a mistake, not only as a note in the log. */
  readonly strict?: boolean;
  /** Without one, JSON lines go to standard output. LOG_LEVEL sets the lowest level that it gets. */
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
