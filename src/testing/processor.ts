import { pino, type Logger } from "pino";
import { isObject } from "../core/event.ts";
import type { Handler } from "../core/handler.ts";
import { createHandlers, type HandlerDefaults, type Handlers } from "../core/handlers.ts";
import { createMemorySteps } from "../core/memory-steps.ts";
import { Processor } from "../core/processor.ts";
import type { ProcessorOptions } from "../core/processor-options.ts";
import { CLAIM_MS, type StepStore } from "../core/step-store.ts";

/** The worker's own values, which no setting changes. */
const DEFAULTS: HandlerDefaults = { attempts: 20, backoffMs: 1_000, timeoutMs: 600_000 };

type Options = Partial<HandlerDefaults> &
  Pick<ProcessorOptions, "timer" | "chance" | "gate"> & {
    readonly log: Logger | undefined;
    readonly steps?: StepStore;
  };

export function resolveHandlers(handlers: Handler | readonly Handler[], defaults: Partial<HandlerDefaults>): Handlers {
  const list = [handlers].flat();
  assertHandlers(list);
  return createHandlers(list, { ...DEFAULTS, ...defaults });
}

/** A misspelt import is undefined, and plain JavaScript has no compiler that reports it. */
function assertHandlers(list: readonly unknown[]): void {
  const index = list.findIndex((entry) => !isObject(entry) || typeof entry["run"] !== "function");
  if (index < 0) return;
  const entry = list[index];
  const given = isObject(entry) ? "an object without a function run" : String(entry);
  throw new TypeError(
    `handler ${index} is ${given}, not a handler; make one with on("NewFileUpload", async (payload, context) => { ... }), ` +
      "and see whether its module exports it under the name that you import",
  );
}

/** The worker's own processor, on an inbox that remembers nothing. */
export function createProcessor(
  handlers: Handler | readonly Handler[],
  { log = pino({ enabled: false }), steps = createSteps(), timer, chance, gate, ...defaults }: Options,
): Processor {
  return new Processor({
    handlers: resolveHandlers(handlers, defaults),
    inbox: { ran: async () => false, mark: async () => ({ stored: true }) },
    steps,
    confirm: () => {},
    unhandled: "park",
    log,
    meter: { count: () => {}, observe: () => {} },
    timer,
    chance,
    ...(gate && { gate }),
  });
}

/** An abandoned attempt holds no step: virtual time jumps past its claim, so the next attempt does not wait. */
export function createSteps(): StepStore {
  let now = 0;
  return createMemorySteps({ now: () => (now += CLAIM_MS) });
}
