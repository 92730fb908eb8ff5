/** The signature of Tencent VOD's normal callback: `Sign` and `T` inside the body. It covers a time and nothing else. */
import { hash } from "node:crypto";
import { isSameSecret } from "../../../core/same-secret.ts";

/** `expires`: UNIX seconds, as they stand in `T`. */
export function pushSignatureOf(signKey: string, expires: string): string {
  return hash("md5", `${signKey}${expires}`);
}

/** Every key is tried, so that the answer's time says nothing. */
export function isPushSignature(claimed: string, expires: string, signKeys: readonly string[]): boolean {
  const claim = claimed.toLowerCase();
  return signKeys.map((key) => isSameSecret(claim, pushSignatureOf(key, expires))).includes(true);
}
