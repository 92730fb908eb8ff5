/** Finds the proof of a call in its body or, which is cheaper, in the text before it is parsed. */
import type { JsonObject } from "../../../core/event.ts";
import { parseExact } from "../events/exact-json.ts";
import { fieldOf, textOf } from "../events/body-fields.ts";
import type { Proof } from "./signing.ts";
import { topLevelMembers } from "../../parsing/top-level.ts";

export function proofOf(body: JsonObject): Proof | undefined {
  return proofFrom((name) => textOf(fieldOf(body, name)));
}

/**
 * The proof in the text of a JSON object, the same that `proofOf` finds in the parsed object. A key with an escape in it
 * is skipped, since the vendor does not write its own names like that.
 */
export function proofAtTop(text: string): Proof | undefined {
  const found = topLevelMembers(text, ["timestamp", "nonce", "signature"]);
  const parts = [...found].map(([key, value]) => [key, value.length < MAX_PART ? parseExact(value) : undefined]);
  return proofOf(Object.fromEntries(parts));
}

/** For a text that is no JSON. Its proof can mostly still be found, so that strangers cannot send such texts. */
export function proofIn(text: string): Proof | undefined {
  return proofFrom((name) => {
    const [, quoted, digits] = FIRST[name].exec(text) ?? [];
    return quoted ?? digits;
  });
}

/** The text without the values of its proof, which is the same at each try. */
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
