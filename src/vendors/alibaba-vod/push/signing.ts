/** The signature of Alibaba Cloud VOD's HTTP callbacks. It covers the address and the time, not the body. */
import { hash } from "node:crypto";
import { isSameSecret } from "../../../core/same-secret.ts";

/** The values of X-VOD-TIMESTAMP and X-VOD-SIGNATURE. `callbackUrl` is exactly the text that is configured at the vendor. */
export function signatureOf(callbackUrl: string, timestamp: string, authKey: string): string {
  return hash("md5", `${callbackUrl}|${timestamp}|${authKey}`);
}

/**
 * Whether one of the keys signed one of the URLs. Several of each are valid while they are changed. Every pair is tried,
 * so that the time of the answer reveals nothing.
 */
export function isSigned(
  claim: { readonly signature: string; readonly timestamp: string },
  callbackUrls: readonly string[],
  authKeys: readonly string[],
): boolean {
  const claimed = claim.signature.toLowerCase();
  const matches = callbackUrls.flatMap((url) =>
    authKeys.map((key) => isSameSecret(claimed, signatureOf(url, claim.timestamp, key))),
  );
  return matches.includes(true);
}
