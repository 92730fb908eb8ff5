import { createHandlers, type Handlers } from "../../../src/core/handlers.ts";
import type { BatchRun, Handler } from "../../../src/core/handler.ts";
import type { Schedule } from "./schedule.ts";

/** So that some events are parked, and some handlers are told that their time is up. */
export const LIMITS = { attempts: 3, backoffMs: 1_000, timeoutMs: 100_000 };
const KEYS = 3;

/** One for all events, with the schedule's limits. */
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

/** Few keys, so that events of one key meet. */
function keyOf({ body }: Parameters<NonNullable<Handler["orderKey"]>>[0]): number {
  return String(body["body"]).length % KEYS;
}
