/**
 * The context of a handler, and the lines and progress of its attempt. Each part is created when the handler first uses
 * it.
 */
import type { Deadline } from "./deadline.ts";
import type { CallbackEvent, EventRef, JsonValue } from "./event.ts";
import type { Logger } from "pino";
import { type EventLog, madeOnce } from "./event-log.ts";
import { messageOf } from "./failure.ts";
import type { HandlerContext, Replay, Step } from "./handler.ts";
import type { Left } from "./inbox.ts";
import { AS_IT_IS } from "./log-groups.ts";
import { keepLines, PAGE_LIMITS, type PageLines } from "./page-lines.ts";
import { sleep } from "./sleep.ts";
import { createSteps, type Steps } from "./steps.ts";
import type { StepStore } from "./step-store.ts";

export type ContextOptions = {
  readonly event: CallbackEvent;
  readonly attempt: number;
  readonly log: EventLog;
  readonly steps: StepStore;
  readonly replay?: Replay;
  /** Shows how far an event is while it runs. */
  readonly showProgress?: (event: EventRef, progress: JsonValue) => void;
};

type Signals = {
  /** Its signal aborts when the attempt's time is up. */
  readonly deadline: Pick<Deadline, "signal">;
  /** Aborts when the attempt ended, or was given up. */
  readonly settled: () => AbortSignal;
};

/** How often progress is written while a handler runs. A short attempt writes it only at its end. */
const SHOWN_EVERY_MS = 1_000;
const TOO_LARGE = `progress of more than ${PAGE_LIMITS.bytes} bytes of JSON is not kept: report less, such as a number`;
const NOT_JSON = "progress that JSON cannot hold is not kept: report plain data, such as a number";

type Lazy = { readonly signal: () => AbortSignal; readonly log: () => Logger };

const LAZY = Symbol("fields that are created when they are first used");

/**
 * All contexts share their getters. A getter in an object literal would be a new function in each object. For each V8
 * would keep a shape, with all that the getter reaches, until it collects all garbage. The getters are the context's
 * own, so a handler may pass on `{ ...context }`.
 */
class Context implements HandlerContext {
  declare readonly event: CallbackEvent;
  declare readonly attempt: number;
  declare readonly replay?: Replay;
  declare readonly step: Step;
  declare readonly progress: (value: JsonValue) => void;
  declare readonly signal: AbortSignal;
  declare readonly log: Logger;
  declare readonly [LAZY]: Lazy;

  constructor(fields: Omit<HandlerContext, keyof Lazy>, lazy: Lazy) {
    Object.assign(this, fields);
    Object.defineProperties(this, { ...GETTERS, [LAZY]: { value: lazy } });
  }
}

const GETTERS = {
  signal: { enumerable: true, get: signalOf },
  log: { enumerable: true, get: logOf },
};

function signalOf(this: Context): AbortSignal {
  return this[LAZY].signal();
}

function logOf(this: Context): Logger {
  return this[LAZY].log();
}

export function createContext(
  { event, attempt, log, steps: store, replay, showProgress }: ContextOptions,
  { deadline, settled }: Signals,
): { readonly context: HandlerContext; readonly left: () => Left } {
  const { id, fingerprint, source } = event;
  let steps: Steps | undefined;
  let page: PageLines | undefined;
  let latest: string | undefined;
  let isShowing = false;
  const own = madeOnce(() => (page = keepLines(log().child(AS_IT_IS), `attempt ${attempt}`)).log);
  const fields = { event, attempt, ...(replay && { replay }), step, progress };
  return { context: new Context(fields, { signal: () => deadline.signal(), log: own }), left };

  async function step<T>(name: string, run: (key: string) => T | PromiseLike<T>): Promise<T> {
    steps ??= createSteps({ event, store, log, signal: deadline.signal(), settled: settled() });
    return await steps.step(name, run);
  }

  function left(): Left {
    const lines = page?.lines() ?? [];
    return {
      ...(steps?.areUsed() && { hasSteps: true }),
      ...(lines.length > 0 && { lines }),
      ...(latest !== undefined && { progress: latest }),
    };
  }

  /** Progress that cannot be stored does not fail the attempt. */
  function progress(value: JsonValue): void {
    const json = jsonOf(value);
    if (json === undefined) return;
    latest = json;
    if (!isShowing && !settled().aborted) void showLater();
  }

  async function showLater(): Promise<void> {
    isShowing = true;
    await sleep(SHOWN_EVERY_MS, settled());
    isShowing = false;
    if (!settled().aborted && latest !== undefined) showProgress?.({ id, fingerprint, source }, JSON.parse(latest));
  }

  function jsonOf(value: unknown): string | undefined {
    try {
      const json: unknown = JSON.stringify(value);
      const bytes = typeof json === "string" ? Buffer.byteLength(json) : 0;
      if (typeof json === "string" && bytes <= PAGE_LIMITS.bytes) return json;
      log().warn({ bytes, most: PAGE_LIMITS.bytes }, bytes > 0 ? TOO_LARGE : NOT_JSON);
    } catch (err) {
      log().warn({ reason: messageOf(err) }, NOT_JSON);
    }
    return undefined;
  }
}
