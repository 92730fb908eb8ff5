/** Plausible events of every type of every vendor. */
import { randomUUID } from "node:crypto";
import { isObject, type CallbackEvent, type JsonObject } from "../core/event.ts";
import { fingerprint } from "../core/fingerprint.ts";
import { SAMPLES, type Samples } from "../simulators/samples.ts";
import type { EventTypes } from "../vendors/index.ts";

export type Vendor = keyof typeof SAMPLES;

/** Every type that `sample` can make. */
export function types<V extends Vendor>(vendor: V): readonly EventTypes[V][] {
  return samplesOf(vendor).types.filter((type): type is EventTypes[V] => type !== "");
}

/**
 * A plausible event of this type, with ids of its own. `overrides` replace its fields. Those of `body` are merged at
 * every depth: `{ body: { FileUploadEvent: { FileId: "1" } } }` leaves the other fields as they are.
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
