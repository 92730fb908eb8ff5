/** Runs the chosen events one after the other, each once, in this process. */
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { runAttempt } from "../../core/attempt.ts";
import { type CallbackEvent, UNREADABLE } from "../../core/event.ts";
import { eventLog } from "../../core/event-log.ts";
import { messageOf } from "../../core/failure.ts";
import type { Handlers } from "../../core/handlers.ts";
import { createMemorySteps } from "../../core/memory-steps.ts";
import { sleep } from "../../core/sleep.ts";

export type Ran = { readonly event: CallbackEvent; readonly failure?: string };

type RunOptions = {
  readonly handlers: Pick<Handlers, "find">;
  readonly isTrial: boolean;
  readonly perSecond: number;
  readonly log: Logger;
  /** Aborts when no further event may start. */
  readonly stopping: AbortSignal;
  /** Aborts when the running event must stop. */
  readonly ending: AbortSignal;
};

const NO_METER = { count: () => {}, observe: () => {} };

export async function* runAll(events: AsyncIterable<CallbackEvent>, options: RunOptions): AsyncGenerator<Ran> {
  const pauseMs = 1_000 / options.perSecond;
  let due = performance.now();
  for await (const event of events) {
    await sleep(Math.max(0, due - performance.now()), options.stopping);
    if (options.stopping.aborted) return;
    due = Math.max(due + pauseMs, performance.now());
    const failure = await runOne(event, options);
    yield { event, ...(failure !== undefined && { failure }) };
  }
}

async function runOne(before: CallbackEvent, { handlers, isTrial, log, ending }: RunOptions) {
  const event = { ...before, id: `replay-${randomUUID()}` };
  if (event.type === UNREADABLE) return "the vendor's text cannot be read";
  const handler = handlers.find(event);
  if (!handler) return `no handler for ${event.vendor} ${event.type}`;
  const { failure } = await runAttempt({
    handler,
    event,
    attempt: 1,
    replay: { id: before.id, ...(isTrial && { isTrial }) },
    log: eventLog(log, event),
    meter: NO_METER,
    steps: createMemorySteps(),
    ending,
  });
  return failure && messageOf(failure.error);
}
