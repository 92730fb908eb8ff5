/** The signature of Tencent VOD's normal callback: `Sign` and `T` inside the body. It covers a time and nothing else. */
import { hash } from "node:crypto";
import { isSameSecret } from "../../../core/same-secret.ts";

/** `expires`: UNIX seconds, the value of `T`. */
export function pushSignatureOf(signKey: string, expires: string): string {
  return hash("md5", `${signKey}${expires}`);
}

/** Every key is tried, so that the time of the answer reveals nothing. */
export function isPushSignature(claimed: string, expires: string, signKeys: readonly string[]): boolean {
  const claim = claimed.toLowerCase();
  return signKeys.map((key) => isSameSecret(claim, pushSignatureOf(key, expires))).includes(true);
}
