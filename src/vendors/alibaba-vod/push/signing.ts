/** The signature of Alibaba Cloud VOD's HTTP callbacks. It covers the address and the time, not the body. */
import { hash, timingSafeEqual } from "node:crypto";

/** The values of X-VOD-TIMESTAMP and X-VOD-SIGNATURE. `callbackUrl` is the text configured at the vendor, letter by letter. */
export function signatureOf(callbackUrl: string, timestamp: string, authKey: string): string {
  return hash("md5", `${callbackUrl}|${timestamp}|${authKey}`);
}

/**
 * Whether one of the keys signed one of the addresses: several of each stand side by side while they are changed. Every
 * pair is tried, and each comparison is constant in time, so that the answer's time says nothing.
 */
export function isSigned(
  claim: { readonly signature: string; readonly timestamp: string },
  callbackUrls: readonly string[],
  authKeys: readonly string[],
): boolean {
  const claimed = digest(claim.signature.toLowerCase());
  const matches = callbackUrls.flatMap((url) =>
    authKeys.map((key) => timingSafeEqual(claimed, digest(signatureOf(url, claim.timestamp, key)))),
  );
  return matches.includes(true);
}

/** Gives both sides one length, which timingSafeEqual insists on. */
function digest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}
