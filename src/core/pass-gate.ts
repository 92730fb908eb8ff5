/** Asks the gate of a handler's limits whether an event may start. */
import type { Failure } from "./attempt.ts";
import type { EventLog } from "./event-log.ts";
import type { CallbackEvent } from "./event.ts";
import { toError } from "./failure.ts";
import type { ResolvedHandler } from "./handlers.ts";
import type { CarriedEnd, Entry, Gate, GateStart, Limited, Limits } from "./limits.ts";
import { limitedOf } from "./order-key.ts";
import type { Outcome } from "./runs.ts";

type Passed = Failure | Extract<Entry, { readonly kind: "go" }> | Extract<Outcome, { readonly kind: "held" }>;

/** If `orderBy` throws, the attempt fails. */
export async function enterGate(
  gate: Pick<Gate, "enter">,
  handler: ResolvedHandler,
  event: CallbackEvent,
  start: GateStart = {},
): Promise<Passed> {
  let limited: Limited | undefined;
  try {
    limited = limitedOf(handler, event);
  } catch (thrown) {
    return { thrown, error: toError(thrown) };
  }
  const entry = limited ? await gate.enter(event, limited, event.door === "push", start) : { kind: "go" as const };
  return entry.kind === "later" ? { kind: "held", afterMs: entry.afterMs } : entry;
}

/**
 * If this call fails, the carried events wait again when their carrier ends. Those that succeeded are marked and do not
 * run again.
 */
export async function endCarried(
  gate: Pick<Gate, "endCarried"> | undefined,
  carrier: CallbackEvent,
  limits: Limits | undefined,
  ends: readonly CarriedEnd[],
  log: EventLog,
  start: GateStart,
): Promise<void> {
  try {
    if (limits) await gate?.endCarried(carrier, limits, ends, start);
  } catch (err) {
    log().warn({ err }, "cannot write down how the events of a batch ended: they are looked at again");
  }
}

/** If this call fails, the gate notices by itself within seconds. */
export async function leaveGate(
  gate: Pick<Gate, "leave">,
  event: CallbackEvent,
  limits: Limits,
  outcome: Outcome,
  log: EventLog,
  start: GateStart = {},
): Promise<void> {
  const how = howToLeave(outcome, limits);
  try {
    if (how) await gate.leave(event, limits, how, start);
  } catch (err) {
    log().warn({ err }, "cannot give its place under a limit back: it is found to be free within seconds");
  }
}

/** Undefined if the event has not started. */
function howToLeave({ kind }: Outcome, { afterParked }: Limits): Parameters<Gate["leave"]>[2] | undefined {
  if (kind === "held") return undefined;
  if (kind === "returned") return "back";
  const keepsTurn = kind === "retry" || (kind === "parked" && afterParked === "holds");
  return keepsTurn ? "rest" : "done";
}
