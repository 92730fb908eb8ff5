/** Calls as the vendor makes them, signed by an implementation of the rule that is not ours. */
import { createHash } from "node:crypto";
import type { PushedCall } from "../../../../src/core/receiver.ts";

export const SECRET = "1d5ae5d2e48d3f6b3b2dbb4b4a8e1c7f";
/** 2026-01-01. */
export const NOW_MS = 1_767_225_600_000;

let calls = 0;

/** A time and a number of its own for each. */
export function proofFields(secret = SECRET, seconds = NOW_MS / 1000) {
  calls += 1;
  const timestamp = String(seconds + (calls % 60));
  const nonce = String(7_254_119 + calls * 7);
  const joined = [secret, timestamp, nonce].toSorted((a, b) => (a < b ? -1 : 1)).join("");
  return { timestamp, nonce, signature: createHash("sha1").update(joined).digest("hex") };
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function callOf(body: string | Uint8Array): PushedCall {
  return { headers: { "content-type": "application/json" }, body: typeof body === "string" ? bytes(body) : body };
}

export function jsonCall(fields: object, proof: object = proofFields()): PushedCall {
  return callOf(JSON.stringify({ ...fields, ...proof }));
}
