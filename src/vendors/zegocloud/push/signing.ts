/**
 * ZEGOCLOUD's proof that a call is genuine: SHA-1 over the callback secret, a time and a random number. It does not cover
 * the body, so anyone who has seen one call can send any body with its proof while it is fresh.
 */
import { hash } from "node:crypto";
import { isSameSecret } from "../../../core/same-secret.ts";

export type Proof = {
  /** UNIX seconds as decimal text. Some of the vendor's products use milliseconds. */
  readonly timestamp: string;
  readonly nonce: string;
  readonly signature: string;
};

export type Trust = {
  /** Old and new one while a secret is changed, or those of several applications. */
  readonly secrets: readonly string[];
  /** How far the call's time may be from `now`, before or after it. Infinity allows any time. */
  readonly toleranceMs: number;
  readonly now: () => number;
};

/** Lower-case hex over the three texts in the order of their characters. */
export function signatureOf(secret: string, { timestamp, nonce }: Omit<Proof, "signature">): string {
  return hash("sha1", [secret, timestamp, nonce].toSorted().join(""));
}

/** The reason why a proof is not genuine, for our log. Undefined if it is genuine. */
export function doubtAbout(proof: Proof, { secrets, toleranceMs, now }: Trust): string | undefined {
  // Every secret is tried even after a match, so that the time reveals nothing.
  const fits = secrets.map((secret) => isSameSecret(proof.signature, signatureOf(secret, proof)));
  if (!fits.includes(true)) return `its signature was made with none of the ${secrets.length} callback secret(s)`;
  if (toleranceMs === Number.POSITIVE_INFINITY) return undefined;
  const sentAt = timeOf(proof.timestamp);
  if (sentAt === undefined) return "its timestamp is no time";
  const offMs = now() - sentAt;
  if (Math.abs(offMs) <= toleranceMs) return undefined;
  const seconds = Math.round(Math.abs(offMs) / 1000);
  return `it was signed ${seconds} s ${offMs > 0 ? "ago" : "ahead"}, more than the tolerated ${toleranceMs / 1000} s`;
}

/**
 * In ms. Other lengths are refused: the texts are signed without a separator, so digits could be moved from the nonce to
 * an old timestamp to make it fresh.
 */
function timeOf(timestamp: string): number | undefined {
  if (/^\d{10}$/.test(timestamp)) return Number(timestamp) * 1000;
  return /^\d{13}$/.test(timestamp) ? Number(timestamp) : undefined;
}
