/**
 * TC3-HMAC-SHA256, as the SDK signs: content type and host without its port. The key of a day is derived once and kept,
 * since it takes three of the four HMACs.
 */
import { createHmac, createSecretKey, hash, type KeyObject } from "node:crypto";

export type Tc3Options = {
  readonly secretId: string;
  readonly secretKey: string;
  readonly endpoint: URL;
};

/** The value of the Authorization header. `seconds` is the value of X-TC-Timestamp. */
export type Tc3 = (body: string, seconds: number) => string;

const ALGORITHM = "TC3-HMAC-SHA256";
export const CONTENT_TYPE = "application/json";
const SIGNED_HEADERS = "content-type;host";
const DAY_S = 86_400;

export function createTc3({ secretId, secretKey, endpoint }: Tc3Options): Tc3 {
  const [service = ""] = endpoint.host.split(".");
  const request = `POST\n/\n\ncontent-type:${CONTENT_TYPE}\nhost:${endpoint.hostname}\n\n${SIGNED_HEADERS}\n`;
  let today: { readonly day: number; readonly scope: string; readonly key: KeyObject } | undefined;

  return (body, seconds) => {
    const day = Math.floor(seconds / DAY_S);
    if (today?.day !== day) today = { day, ...keyOf(new Date(seconds * 1_000).toISOString().slice(0, 10)) };
    const { scope, key } = today;
    const canonical = hash("sha256", request + hash("sha256", body));
    const signature = createHmac("sha256", key)
      .update(`${ALGORITHM}\n${seconds}\n${scope}\n${canonical}`)
      .digest("hex");
    return `${ALGORITHM} Credential=${secretId}/${scope}, SignedHeaders=${SIGNED_HEADERS}, Signature=${signature}`;
  };

  function keyOf(date: string): { readonly scope: string; readonly key: KeyObject } {
    const parts = [date, service, "tc3_request"];
    const key = parts.reduce<string | Buffer>(
      (parent, part) => createHmac("sha256", parent).update(part).digest(),
      `TC3${secretKey}`,
    );
    return { scope: parts.join("/"), key: createSecretKey(Buffer.from(key)) };
  }
}
