import { createHandlers, type Handlers } from "../../../src/core/handlers.ts";
import type { BatchRun, Handler } from "../../../src/core/handler.ts";
import type { Schedule } from "./schedule.ts";

/** Low limits, so that some events are parked and some handlers hit their timeout. */
export const LIMITS = { attempts: 3, backoffMs: 1_000, timeoutMs: 100_000 };
const KEYS = 3;

/** One handler for all events, with the schedule's limits. */
export function handlersOf(
  { limits }: Schedule,
  run: Handler["run"] = () => {},
  runBatch: BatchRun["run"] = async () => new Map(),
): Handlers {
  const { isOrdered = false, batch: terms, ...rest } = limits ?? {};
  const order = isOrdered ? { orderKey: keyOf } : {};
  const batch = terms ? { batch: { ...terms, run: runBatch } } : {};
  return createHandlers([{ vendor: "*", type: "*", run, ...rest, ...order, ...batch }], LIMITS);
}

/** There are few keys, so that several events share one. */
function keyOf({ body }: Parameters<NonNullable<Handler["orderKey"]>>[0]): number {
  return String(body["body"]).length % KEYS;
}
