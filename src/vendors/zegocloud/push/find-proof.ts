/** Where the proof of a call stands: in its body, or, cheaper, in the text that its body has not been read from yet. */
import type { JsonObject } from "../../../core/event.ts";
import { parseExact } from "../events/exact-json.ts";
import { fieldOf, textOf } from "../events/body-fields.ts";
import type { Proof } from "./signing.ts";
import { topLevelMembers } from "../../parsing/top-level.ts";

export function proofOf(body: JsonObject): Proof | undefined {
  return proofFrom((name) => textOf(fieldOf(body, name)));
}

/**
 * The proof of a JSON object that was not read yet, the same that `proofOf` finds in it. A key with an escape in it is
 * passed over: no vendor writes its own names so.
 */
export function proofAtTop(text: string): Proof | undefined {
  const found = topLevelMembers(text, ["timestamp", "nonce", "signature"]);
  const parts = [...found].map(([key, value]) => [key, value.length < MAX_PART ? parseExact(value) : undefined]);
  return proofOf(Object.fromEntries(parts));
}

/** For a text that is no JSON: what its proof is can mostly still be told, so that nobody else can send such a thing. */
export function proofIn(text: string): Proof | undefined {
  return proofFrom((name) => {
    const [, quoted, digits] = FIRST[name].exec(text) ?? [];
    return quoted ?? digits;
  });
}

/** The text as it is whenever it is sent: without the values of its proof. */
export function withoutProof(text: string): string {
  return text.replace(PROOF_FIELD, (_, name: string) => `"${name}":`);
}

/** Longer than any part of a proof. */
const MAX_PART = 300;
const VALUE = String.raw`\s*:\s*(?:"([^"\\]{1,200})"|(\d{1,40}))`;
const PROOF_FIELD = new RegExp(`"(timestamp|nonce|signature)"${VALUE}`, "gi");
const FIRST = {
  timestamp: new RegExp(`"timestamp"${VALUE}`, "i"),
  nonce: new RegExp(`"nonce"${VALUE}`, "i"),
  signature: new RegExp(`"signature"${VALUE}`, "i"),
};

function proofFrom(find: (name: keyof Proof) => string | undefined): Proof | undefined {
  const timestamp = find("timestamp");
  const nonce = find("nonce");
  const signature = find("signature");
  if (timestamp === undefined || nonce === undefined || signature === undefined) return undefined;
  return { timestamp, nonce, signature };
}
