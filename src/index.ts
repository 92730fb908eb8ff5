/** `reliable-callback`: what handlers are made of, whichever vendor their events come from, and a worker to embed. */
import type { App } from "./worker/app-contract.ts";
import type { StartWorkerOptions } from "./worker/start-worker.ts";

export { ConfigError } from "./config/config-error.ts";
export { PermanentError, RetryAfterError } from "./core/errors.ts";
export type { CallbackEvent, Door, JsonObject, JsonValue } from "./core/event.ts";
export type { Handler, HandlerContext, HandlerOptions, HandlerResult, Replay, Step } from "./core/handler.ts";
export { forward, type ForwardOptions } from "./worker/forward/forward.ts";
export type { Status } from "./http/probes/status-contract.ts";
export type { App as Worker } from "./worker/app-contract.ts";
export type { WorkerLog } from "./worker/log.ts";
export type { StartWorkerOptions } from "./worker/start-worker.ts";

/** Starts a worker in this process. Loaded when it is called: handlers and their tests need the names above alone. */
export async function startWorker(options: StartWorkerOptions): Promise<App> {
  const worker = await import("./worker/start-worker.ts");
  return await worker.startWorker(options);
}
