/** The state of the work that an event reports, in one form for all vendors. */
import type { JsonObject } from "../../core/event.ts";
import { objectsIn, textIn } from "./read-fields.ts";
import { present } from "./results.ts";

/**
 * - `succeeded`: all work is done. If the event reports no work, such as an upload: it has happened.
 * - `failed`: no work is done, and none will be
 * - `partly`: some of it failed
 * - `in-progress`: the work is not over. Another event will report its end.
 */
export type OutcomeState = "succeeded" | "failed" | "partly" | "in-progress";

type Told = {
  /** The vendor's code for the failure, always as text. */
  readonly code?: string;
  /** The vendor's words. */
  readonly message?: string;
};

export type OutcomePart = Told & {
  /** Where in the payload it stands, such as `MediaProcessResultSet[0].TranscodeTask`. */
  readonly path: string;
  /** The vendor's name for this kind of part: `Transcode`, `Porn.Asr`, `SpriteSnapshot`, ... */
  readonly kind?: string;
  readonly state: Exclude<OutcomeState, "partly">;
};

export type Outcome = Told & {
  readonly state: OutcomeState;
  /** Files, pictures and sub-tasks that have an outcome of their own, in the order in which the vendor lists them. */
  readonly parts: readonly OutcomePart[];
  /** The failure in one line, failures of parts included. Missing unless something failed. */
  readonly fault?: string;
};

/** A vendor's reader returns this, for the whole or for one part. */
export type Verdict = {
  readonly state: OutcomePart["state"];
  readonly code?: string | undefined;
  readonly message?: string | undefined;
};

export type FoundPart = {
  readonly path: string;
  readonly kind?: string | undefined;
  /** Undefined if the part does not state its outcome. Such a part is left out. */
  readonly verdict: Verdict | undefined;
};

export const SUCCEEDED: Verdict = { state: "succeeded" };
export const IN_PROGRESS: Verdict = { state: "in-progress" };

/** A failure may come without a code. */
export function failed(code: string | undefined, message?: string): Verdict {
  return { state: "failed", code, message };
}

/** If the whole claims success, its parts decide. If it claims failure, that counts beside the parts. */
export function toOutcome(whole: Verdict, found: readonly FoundPart[] = []): Outcome {
  const parts = found.flatMap(({ path, kind, verdict }) => (verdict ? [toPart(path, kind, verdict)] : []));
  const state = stateOf(whole.state, parts);
  const told = present(toldOf(whole));
  return { state, ...told, parts, ...present({ fault: faultOf(state, told, parts) }) };
}

/**
 * The objects in a list. `below` is the path in front of the list. `kindKey` is the field that names the kind of each
 * object.
 */
export function partsIn(
  object: JsonObject,
  list: string,
  read: (item: JsonObject) => Verdict | undefined,
  { below = "", kindKey = "" } = {},
): readonly FoundPart[] {
  const items = objectsIn(object, list) ?? [];
  return items.map((item, index) => ({
    path: `${below}${list}[${index}]`,
    kind: textIn(item, kindKey),
    verdict: read(item),
  }));
}

function toPart(path: string, kind: string | undefined, verdict: Verdict): OutcomePart {
  return { path, state: verdict.state, ...present({ kind, ...toldOf(verdict) }) };
}

/** A whole that is under way stays so. Otherwise a failure comes first, then a part that is still under way. */
function stateOf(whole: Verdict["state"], parts: readonly OutcomePart[]): OutcomeState {
  if (whole === "in-progress") return whole;
  const has = (state: OutcomeState): boolean => parts.some((part) => part.state === state);
  if (whole === "failed" || has("failed")) return has("succeeded") || has("in-progress") ? "partly" : "failed";
  return has("in-progress") ? "in-progress" : "succeeded";
}

/** Codes and messages count for failures only: vendors write "SUCCESS" into them too. */
function toldOf({ state, code, message }: Verdict): Pick<Verdict, "code" | "message"> {
  return state === "failed" ? { code, message } : {};
}

const MOST_PARTS_TOLD = 5;

function faultOf(state: OutcomeState, whole: Told, parts: readonly OutcomePart[]): string | undefined {
  if (state !== "failed" && state !== "partly") return undefined;
  const wrong = parts.filter((part) => part.state === "failed");
  const told = [
    said(whole),
    ...wrong.slice(0, MOST_PARTS_TOLD).map((part) => said({ kind: part.kind ?? part.path, ...part })),
    ...(wrong.length > MOST_PARTS_TOLD ? [`and ${wrong.length - MOST_PARTS_TOLD} more`] : []),
  ].filter((text) => text !== "");
  return told.length === 0 ? "the vendor gives no reason" : told.join("; ");
}

function said({ kind, code, message }: Told & { readonly kind?: string }): string {
  return [kind, code, message].filter((text) => text !== undefined).join(": ");
}
