import type { Config } from "../../config/config.ts";
import { createHandlers } from "../../core/handlers.ts";
import type { CallbackEvent } from "../../core/event.ts";
import type { Handler } from "../../core/handler.ts";

export type ExpectedOutcome = "handled" | "forwarded" | "parked" | "dropped";

/** Predicts what the worker would do with an event under this configuration. Runs nothing. */
export function predictOutcomes(
  { forward, unhandled, queue }: Pick<Config, "forward" | "unhandled" | "queue">,
  ownHandlers: readonly Handler[],
): (event: Pick<CallbackEvent, "vendor" | "type">) => ExpectedOutcome {
  const { attempts, backoffMs, handlerTimeoutMs: timeoutMs } = queue;
  const handlers = createHandlers(ownHandlers, { attempts, backoffMs, timeoutMs });
  const rest = forward ? "forwarded" : unhandled === "park" ? "parked" : "dropped";
  return (event) => (handlers.find(event) ? "handled" : rest);
}
