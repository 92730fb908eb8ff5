/**
 * Plausible events of every type, no two with the same ids.
 *
 * The table of types and fields is the simulator's own and not the worker's, so that a mistake in either one shows.
 */
import { randomInt } from "node:crypto";
import type { JsonObject } from "../../core/event.ts";
import { AIGC_SAMPLES } from "./samples/aigc.ts";
import { EDITING_SAMPLES } from "./samples/editing.ts";
import { FILE_SAMPLES } from "./samples/files.ts";
import { LEGACY_SAMPLES } from "./samples/legacy.ts";
import { createIds, type Sample } from "./samples/making.ts";
import { PROCESSING_SAMPLES } from "./samples/processing.ts";

const SAMPLES: Readonly<Record<string, Sample>> = {
  ...FILE_SAMPLES,
  ...PROCESSING_SAMPLES,
  ...EDITING_SAMPLES,
  ...AIGC_SAMPLES,
  ...LEGACY_SAMPLES,
};

/** Every known EventType of the vendor. */
export const EVENT_TYPES: readonly string[] = Object.keys(SAMPLES);

export type SampleMaker = {
  /** The members of the event as JSON text, the handle apart. An unknown type gets the field `<type>Event`. */
  event(type: string, body: unknown, nullFields: boolean): string;
  /** The same event as an object, with generated content. */
  object(type: string, nullFields: boolean): JsonObject;
  handle(): string;
};

/**
 * Equal seeds make equal events in equal order. Without a seed, events differ from start to start. If nothing may fail,
 * all durations are alike too.
 */
export function createSamples(seed: number = randomInt(2 ** 32), { mayFail = true } = {}): SampleMaker {
  const made = createIds(seed);
  const ids = mayFail ? made : { ...made, random: () => 0.5 };
  const maker: SampleMaker = {
    event(type, body, nullFields) {
      const sample = Object.hasOwn(SAMPLES, type) ? SAMPLES[type] : undefined;
      const field = sample?.field ?? `${type}Event`;
      const content = JSON.stringify(body ?? sample?.make(ids) ?? {});
      const nulls = nullFields ? nullsBeside(field) : "";
      return `"EventType":${JSON.stringify(type)},${JSON.stringify(field)}:${content}${nulls}`;
    },
    object: (type, nullFields) => JSON.parse(`{${maker.event(type, undefined, nullFields)}}`),
    handle: () => ids.handle(),
  };
  return maker;
}

const FIELDS = Object.values(SAMPLES).map(({ field }) => field);
const nullsByField = new Map<string, string>();

function nullsBeside(field: string): string {
  const known = nullsByField.get(field);
  if (known !== undefined) return known;
  const nulls = FIELDS.filter((other) => other !== field)
    .map((other) => `,"${other}":null`)
    .join("");
  // Unknown fields come from callers: keep only the known ones in memory.
  if (FIELDS.some((other) => other === field)) nullsByField.set(field, nulls);
  return nulls;
}
