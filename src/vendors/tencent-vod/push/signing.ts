/** The signature of Tencent VOD's normal callback: `Sign` and `T` inside the body. It covers a time and nothing else. */
import { hash, timingSafeEqual } from "node:crypto";

/** `expires`: UNIX seconds, as they stand in `T`. */
export function pushSignatureOf(signKey: string, expires: string): string {
  return hash("md5", `${signKey}${expires}`);
}

/** Every key is tried, and each comparison is constant in time, so that the answer's time says nothing. */
export function isPushSignature(claimed: string, expires: string, signKeys: readonly string[]): boolean {
  const claim = digest(claimed.toLowerCase());
  return signKeys.map((key) => timingSafeEqual(claim, digest(pushSignatureOf(key, expires)))).includes(true);
}

/** Gives both sides one length, which timingSafeEqual insists on. */
function digest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}
