import { createHmac } from "node:crypto";

/** A key of Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes. */
export function isSigningSecret(text: string): boolean {
  const base64 = text.replace(/^whsec_/, "");
  const key = Buffer.from(base64, "base64");
  const isWhole = text.startsWith("whsec_") && key.toString("base64") === base64;
  return isWhole && key.length >= 24 && key.length <= 64;
}

export const HOW_TO_MAKE_A_SECRET =
  'is not whsec_ and the base64 of 24 to 64 bytes; make one with: echo "whsec_$(openssl rand -base64 32)"';

/** The headers of Standard Webhooks. Each secret signs, so that a receiver may have the old one or the new one. */
export function signatureHeaders(secrets: readonly string[], id: string, body: string) {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
