/** TC3-HMAC-SHA256, the signature of Tencent Cloud's API v3. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

const ALGORITHM = "TC3-HMAC-SHA256";

export type SignedRequest = {
  readonly method: string;
  /** The signed headers in their signed order, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array;
  /** UNIX seconds, as in X-TC-Timestamp. */
  readonly timestamp: number;
  /** First label of the host: `vod` for the real endpoint. */
  readonly service: string;
  readonly secretKey: string;
};

export type Authorization = {
  readonly secretId: string;
  /** UTC date, YYYY-MM-DD. */
  readonly date: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
};

/** The signature in lower-case hex. Path and query are the API's only ones: `/` and none. */
export function signatureOf(request: SignedRequest): string {
  const date = utcDate(request.timestamp);
  const scope = `${date}/${request.service}/tc3_request`;
  const canonical = [
    request.method,
    "/",
    "",
    ...request.headers.map(([name, value]) => `${name}:${value.trim().toLowerCase()}`),
    "",
    request.headers.map(([name]) => name).join(";"),
    sha256(request.body),
  ].join("\n");
  const text = [ALGORITHM, String(request.timestamp), scope, sha256(canonical)].join("\n");
  const key = hmac(hmac(hmac(`TC3${request.secretKey}`, date), request.service), "tc3_request");
  return createHmac("sha256", key).update(text).digest("hex");
}

/** Takes the same time for every claim. */
export function isSignature(claimed: string, request: SignedRequest): boolean {
  // Hashing first gives both sides the same length, as timingSafeEqual requires.
  return timingSafeEqual(digest(claimed), digest(signatureOf(request)));
}

/** The value of the Authorization header. */
export function authorize(request: SignedRequest & { readonly secretId: string }): string {
  const scope = `${utcDate(request.timestamp)}/${request.service}/tc3_request`;
  const names = request.headers.map(([name]) => name).join(";");
  return `${ALGORITHM} Credential=${request.secretId}/${scope}, SignedHeaders=${names}, Signature=${signatureOf(request)}`;
}

/** Reads an Authorization header; undefined when it has another shape. */
export function parseAuthorization(header: string): Authorization | undefined {
  const match =
    /^TC3-HMAC-SHA256 Credential=([^/,\s]+)\/([^/,\s]+)\/([^/,\s]+)\/tc3_request, ?SignedHeaders=([^,\s]+), ?Signature=(\w+)$/.exec(
      header,
    );
  if (!match) return undefined;
  const [, secretId = "", date = "", service = "", names = "", signature = ""] = match;
  return { secretId, date, service, signedHeaders: names.split(";"), signature };
}

/** The day a timestamp in UNIX seconds belongs to. */
export function utcDate(timestamp: number): string {
  return new Date(timestamp * 1000).toISOString().slice(0, 10);
}

function hmac(key: string | Uint8Array, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
