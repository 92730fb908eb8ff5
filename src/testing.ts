/**
 * `reliable-callback/testing`: events and runs for tests of handlers, without a vendor and without Redis. A handler is run
 * as the worker runs it, by the same code; only the pauses between attempts are left out.
 */
import { randomUUID } from "node:crypto";
import { pino, type Logger } from "pino";
import { isObject, type CallbackEvent, type JsonObject } from "./core/event.ts";
import { fingerprint } from "./core/fingerprint.ts";
import type { Handler } from "./core/handler.ts";
import { createHandlers } from "./core/handlers.ts";
import { createMemorySteps } from "./core/memory-steps.ts";
import { Processor } from "./core/processor.ts";
import type { EventTypes } from "./vendors/index.ts";
import { SAMPLES, type Samples } from "./simulators/samples.ts";

export type Vendor = keyof typeof SAMPLES;

export type RunOptions = {
  /** How many attempts are made, one after the other, while the handler fails. One by default. */
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
  /** Why it is not handled. */
  readonly error?: unknown;
  /** How many were made. */
  readonly attempts: number;
};

/** The worker's own, where no setting changes them. */
const DEFAULTS = { attempts: 20, backoffMs: 1_000, timeoutMs: 600_000 };

/** Every type that `sample` can make. */
export function types<V extends Vendor>(vendor: V): readonly EventTypes[V][] {
  return samplesOf(vendor).types.filter((type): type is EventTypes[V] => type !== "");
}

/**
 * A plausible event of this type, with ids of its own. `overrides` change it; the ones of `body` go as deep as they are
 * written: `{ body: { FileUploadEvent: { FileId: "1" } } }` leaves the other fields as they are.
 */
export function sample<V extends Vendor>(
  vendor: V,
  type: EventTypes[V],
  overrides: Partial<CallbackEvent> = {},
): CallbackEvent {
  const samples = samplesOf(vendor);
  if (!samples.types.includes(type))
    throw new TypeError(`there is no sample of ${vendor} ${type}; use one of ${samples.types.join(", ")}`);
  const body = merged(samples.make(type), overrides.body ?? {});
  return {
    id: `ev-${randomUUID()}`,
    vendor,
    source: vendor,
    door: samples.door,
    type,
    receivedAt: new Date().toISOString(),
    fingerprint: fingerprint(overrides.source ?? vendor, body),
    ...overrides,
    body,
  };
}

/** Hands the event to the handler that takes it, as the worker would. */
export async function run(
  handlers: Handler | readonly Handler[],
  event: CallbackEvent,
  { attempts = 1, log = pino({ enabled: false }) }: RunOptions = {},
): Promise<RunResult> {
  const processor = new Processor({
    handlers: createHandlers([handlers].flat(), DEFAULTS),
    // Nothing is remembered: each run is the first that got so far.
    inbox: { ran: async () => false, mark: async () => ({ stored: true }) },
    steps: createMemorySteps(),
    confirm: () => {},
    unhandled: "park",
    log,
    meter: { count: () => {}, observe: () => {} },
  });
  for (let number = 1; ; number += 1) {
    const outcome = await processor.process(event, { number, startedBefore: number > 1 });
    if (outcome.kind === "retry" && number < attempts) continue;
    if (outcome.kind === "retry" || outcome.kind === "parked")
      return { outcome: outcome.kind, error: outcome.error, attempts: number };
    return { outcome: "handled", attempts: number };
  }
}

/** Both runs that an event has when the worker dies after its handler and before it could write the success down. */
export async function runTwice(
  handlers: Handler | readonly Handler[],
  event: CallbackEvent,
  options?: RunOptions,
): Promise<readonly [RunResult, RunResult]> {
  return [await run(handlers, event, options), await run(handlers, event, options)];
}

function samplesOf(vendor: string): Samples {
  if (!isVendor(vendor)) throw new TypeError(`there is no vendor ${vendor}; use ${Object.keys(SAMPLES).join(", ")}`);
  return SAMPLES[vendor];
}

function isVendor(name: string): name is Vendor {
  return Object.hasOwn(SAMPLES, name);
}

function merged(base: JsonObject, changes: JsonObject): JsonObject {
  const inner = Object.entries(changes).map(([key, value]) => {
    const before = base[key];
    return [key, isObject(before) && isObject(value) ? merged(before, value) : value];
  });
  return { ...base, ...Object.fromEntries(inner) };
}
