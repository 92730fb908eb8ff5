import type { JsonObject } from "../../../src/core/event.ts";
import type { Outcome, OutcomePart } from "../../../src/vendors/parsing/outcome.ts";

/** An event of one type, by what its vendor writes beside the type, and what came of its work. */
export type Case = readonly [what: string, fields: JsonObject, outcome: Outcome | undefined];

export const SUCCEEDED: Outcome = { state: "succeeded", parts: [] };
export const IN_PROGRESS: Outcome = { state: "in-progress", parts: [] };
export const NOTHING_SAID = undefined;

/** Of the event itself. */
export function failed(code?: string, message?: string): Outcome {
  const told = { ...(code !== undefined && { code }), ...(message !== undefined && { message }) };
  const fault = [code, message].filter((text) => text !== undefined).join(": ");
  return { state: "failed", ...told, parts: [], fault: fault === "" ? "the vendor gives no reason" : fault };
}

/** An event that says nothing wrong of itself, and something of its parts. */
export function inParts(state: Outcome["state"], parts: readonly OutcomePart[], fault?: string): Outcome {
  return { state, parts, ...(fault !== undefined && { fault }) };
}

export function good(path: string, kind?: string): OutcomePart {
  return { path, state: "succeeded", ...(kind !== undefined && { kind }) };
}

export function underWay(path: string, kind?: string): OutcomePart {
  return { path, state: "in-progress", ...(kind !== undefined && { kind }) };
}

export function bad(path: string, kind: string | undefined, code: string, message?: string): OutcomePart {
  return {
    path,
    ...(kind !== undefined && { kind }),
    state: "failed",
    code,
    ...(message !== undefined && { message }),
  };
}
