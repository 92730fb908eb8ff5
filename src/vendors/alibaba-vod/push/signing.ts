/** The signature of Alibaba Cloud VOD's HTTP callbacks. It covers the address and the time, not the body. */
import { hash } from "node:crypto";
import { isSameSecret } from "../../../core/same-secret.ts";

/** The values of X-VOD-TIMESTAMP and X-VOD-SIGNATURE. `callbackUrl` is the text configured at the vendor, letter by letter. */
export function signatureOf(callbackUrl: string, timestamp: string, authKey: string): string {
  return hash("md5", `${callbackUrl}|${timestamp}|${authKey}`);
}

/**
 * Whether one of the keys signed one of the addresses: several of each stand side by side while they are changed. Every
 * pair is tried, so that the answer's time says nothing.
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
