/** Every vendor's `onBatch` makes a handler of a function in this way. */
import { PermanentError } from "../../core/errors.ts";
import type { CallbackEvent } from "../../core/event.ts";
import type { BatchContext, Batched, BatchRun, Handler, HandlerOptions } from "../../core/handler.ts";
import type { BatchTerms } from "../../core/limits.ts";
import { type Making, nameOf } from "./handler.ts";

/** One event of a batch. */
export type BatchEvent<Payload> = {
  /** Names the event in `failed`. */
  readonly id: string;
  readonly payload: Payload;
  readonly event: CallbackEvent;
  /** 1 for the first attempt. */
  readonly attempt: number;
};

/**
 * Return nothing if all events are handled. Otherwise `failed` holds the id and the error of each event that is not.
 * Each of these events is tried again by itself. A `PermanentError` parks its event.
 */
export type BatchResult = void | { readonly failed: ReadonlyMap<string, unknown> };

/** A thrown error fails all events of the batch. */
export type RunBatch<Payload> = (
  events: readonly BatchEvent<Payload>[],
  context: BatchContext,
) => BatchResult | PromiseLike<BatchResult>;

export type OnBatchOptions = BatchTerms &
  Pick<HandlerOptions, "attempts" | "backoffMs" | "timeoutMs"> & {
    /** The most batches that run at once, over all replicas. */
    readonly concurrency?: number;
    /**
     * The treatment of an event whose work failed, entirely or in part. Without this option the event is part of its
     * batch.
     * - `"park"`: it is kept for a person, at once
     * - `"ignore"`: it is handled; the log says so
     */
    readonly failed?: "park" | "ignore";
  };

type MakingBatch<Payload> = Omit<Making<Payload>, "run" | "options"> & {
  readonly run: RunBatch<Payload>;
  readonly options: OnBatchOptions;
};

const MOST = 1_000;
const LONGEST_LINGER_MS = 3_600_000;
const OPTIONS = ["size", "lingerMs", "attempts", "backoffMs", "timeoutMs", "concurrency", "failed"];
/** Options that apply to single events only. */
const OF_SINGLE_ONES = new Set(["perSecond", "orderBy", "afterParked"]);

export function createBatchHandler<Payload>({ vendor, type, run, options, ...making }: MakingBatch<Payload>): Handler {
  const mistake = mistakeIn(type, run, options);
  if (mistake !== undefined) {
    const error = new TypeError(`onBatch(${JSON.stringify(type)}): ${mistake}`);
    Error.captureStackTrace(error, making.on);
    throw error;
  }
  const { size, lingerMs, failed, ...ownOptions } = options;
  const batch: BatchRun = { size, lingerMs, run: runAll };
  return { ...ownOptions, vendor, type, batch, run: runOne };

  async function runAll(events: readonly Batched[], context: BatchContext): Promise<ReadonlyMap<string, unknown>> {
    const wrong = new Map<string, unknown>();
    const batched = events.flatMap(({ event, attempt }): readonly BatchEvent<Payload>[] => {
      const fault = failed && making.outcomeOf(event.type, event.body)?.fault;
      if (fault !== undefined && failed === "ignore") {
        context.log.info({ id: event.id, fault }, "ignored: the event reports work that failed");
        return [];
      }
      try {
        if (fault !== undefined) throw new PermanentError(`${event.type} reports work that failed: ${fault}`);
        return [{ id: event.id, payload: making.payloadOf(event.body), event, attempt }];
      } catch (thrown) {
        wrong.set(event.id, thrown);
        return [];
      }
    });
    if (batched.length === 0) return wrong;
    const known = new Set(batched.map(({ id }) => id));
    for (const [id, thrown] of failuresIn(await run(batched, context), known)) wrong.set(id, thrown);
    return wrong;
  }

  /** Runs one event as a batch of its own. */
  async function runOne({ event, attempt, log, signal }: Batched & BatchContext): Promise<void> {
    const wrong = await runAll([{ event, attempt }], { log, signal });
    if (wrong.has(event.id)) throw wrong.get(event.id);
  }
}

/** An unreadable result throws, so that no event counts as handled. */
function failuresIn(result: unknown, known: ReadonlySet<string>): ReadonlyMap<string, unknown> {
  const failures = new Map<string, unknown>();
  if (result === undefined) return failures;
  const failed: unknown =
    typeof result === "object" && result !== null && "failed" in result ? result.failed : undefined;
  if (!(failed instanceof Map))
    throw new TypeError(
      `onBatch returned ${nameOf(result)}: return nothing if all events are handled, else { failed: new Map([[id, error]]) }`,
    );
  for (const [id, thrown] of failed) {
    if (typeof id !== "string" || !known.has(id))
      throw new TypeError(`onBatch returned a failure of ${nameOf(id)}, which is no id of an event in its batch`);
    failures.set(id, thrown);
  }
  return failures;
}

/** The types report these mistakes too, but only to an editor or a compiler that reads them. */
function mistakeIn(type: unknown, run: unknown, options: unknown): string | undefined {
  if (typeof type !== "string") return "the type of event must be a text";
  if (typeof run !== "function") return `${nameOf(run)} stands where the function must be that handles the batch`;
  if (typeof options !== "object" || options === null) return "the options are missing: { size, lingerMs }";
  const given = new Map<string, unknown>(Object.entries(options));
  for (const name of given.keys()) {
    if (OF_SINGLE_ONES.has(name))
      return `${name} is about single events; a batch may have concurrency, or handle its events with on(...)`;
    if (!OPTIONS.includes(name)) return `there is no option ${name}; there are ${OPTIONS.join(", ")}`;
  }
  const [size, lingerMs, concurrency, failed] = ["size", "lingerMs", "concurrency", "failed"].map((name) =>
    given.get(name),
  );
  if (!isWhole(size, 2, MOST)) return `size is ${nameOf(size)}; use a whole number from 2 to ${MOST}`;
  if (!isWhole(lingerMs, 1, LONGEST_LINGER_MS))
    return `lingerMs is ${nameOf(lingerMs)}; use whole milliseconds from 1 to ${LONGEST_LINGER_MS}`;
  if (concurrency !== undefined && !isWhole(concurrency, 1, Infinity))
    return `concurrency is ${nameOf(concurrency)}; use a whole number from 1 on`;
  if (failed !== undefined && failed !== "park" && failed !== "ignore")
    return `failed is ${nameOf(failed)}; use "park" or "ignore", or look at outcomeOf(event) in the batch`;
  return undefined;
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}
