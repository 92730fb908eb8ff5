import { createHmac, timingSafeEqual } from "node:crypto";

/** A request that is older was perhaps recorded by somebody and sent again. */
const TOLERANCE_S = 5 * 60;

export type SignedHeaders = { readonly id: string; readonly timestamp: string; readonly signature: string };

/** Standard Webhooks: while the secret is changed, the header carries a signature for the old and for the new one. */
export function isGenuine(secret: string, { id, timestamp, signature }: SignedHeaders, body: Buffer): boolean {
  const ageS = Math.abs(Date.now() / 1_000 - Number(timestamp));
  if (!(ageS <= TOLERANCE_S)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
  return signature.split(" ").some((one) => {
    const given = one.startsWith("v1,") ? Buffer.from(one.slice(3), "base64") : Buffer.alloc(0);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
