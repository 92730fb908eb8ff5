/** One run of an event, as the worker would make it. */
import type { Logger } from "pino";
import type { CallbackEvent } from "../core/event.ts";
import type { Handler } from "../core/handler.ts";
import type { Processor } from "../core/processor.ts";
import { createProcessor } from "./processor.ts";

export type RunOptions = {
  /** The most attempts, one after the other, while the handler fails. One by default. */
  readonly attempts?: number;
  /** Silent by default. */
  readonly log?: Logger;
};

export type RunResult = {
  /**
   * - `handled`: the worker would confirm the event now
   * - `retry`: it would run the handler again later
   * - `parked`: it would keep the event for a person
   */
  readonly outcome: "handled" | "retry" | "parked";
  /** Why the event is not handled. */
  readonly error?: unknown;
  /** The number of attempts that were made. */
  readonly attempts: number;
};

/** Hands the event to the handler that takes it, as the worker would. Pauses between attempts are left out. */
export async function run(
  handlers: Handler | readonly Handler[],
  event: CallbackEvent,
  { attempts = 1, log }: RunOptions = {},
): Promise<RunResult> {
  return await runOn(createProcessor(handlers, { log }), event, attempts);
}

export async function runOn(processor: Processor, event: CallbackEvent, attempts: number): Promise<RunResult> {
  let putOff = 0;
  for (let made = 1; ; made += 1) {
    const outcome = await processor.process(event, { number: made - putOff, startedBefore: made > 1 });
    if (outcome.kind === "retry" && outcome.usesAttempt === false) putOff += 1;
    if (outcome.kind === "retry" && made < attempts) continue;
    if (outcome.kind === "retry" || outcome.kind === "parked")
      return { outcome: outcome.kind, error: outcome.error, attempts: made };
    return { outcome: "handled", attempts: made };
  }
}
