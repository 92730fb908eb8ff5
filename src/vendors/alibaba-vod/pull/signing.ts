/**
 * The two signatures of MNS. Every client supports V2 (HMAC-SHA1). V4 (HMAC-SHA256) binds a signature to one day and one
 * region, and an account may require it. Neither covers the body or the security token.
 */
import { createHmac } from "node:crypto";

export type SignatureVersion = "v2" | "v4";

export type SignedRequest = {
  readonly method: string;
  /** Path and query as they are sent. */
  readonly resource: string;
  /** With Date, as it is sent; names in any case. */
  readonly headers: Readonly<Record<string, string>>;
};

export type Key = { readonly accessKeyId: string; readonly accessKeySecret: string };

const PREFIX_V4 = "MNS4-HMAC-SHA256";
const REQUEST_V4 = "aliyun_v4_request";

/** The value of the Authorization header. V4 if a region is given. */
export function authorize(request: SignedRequest, { accessKeyId, accessKeySecret }: Key, region?: string): string {
  if (region === undefined) return `MNS ${accessKeyId}:${signatureV2(request, accessKeySecret)}`;
  const scope = scopeOf(dateOf(request), region);
  return `${PREFIX_V4} Credential=${accessKeyId}/${scope},Signature=${signatureV4(request, accessKeySecret, region)}`;
}

function signatureV2({ method, resource, headers }: SignedRequest, secret: string): string {
  const values = normalized(headers);
  const text = [
    method,
    values.get("content-md5") ?? "",
    values.get("content-type") ?? "",
    values.get("date") ?? "",
    ...lines(values, (name) => name.startsWith("x-mns-")),
    resource,
  ].join("\n");
  return createHmac("sha1", secret).update(text).digest("base64");
}

function signatureV4(request: SignedRequest, secret: string, region: string): string {
  const date = dateOf(request);
  const [path = "", query = ""] = request.resource.split(/\?(.*)/s, 2);
  const text = [
    PREFIX_V4,
    date,
    scopeOf(date, region),
    request.method,
    path.split("/").map(decoded).map(percentEncoded).join("/"),
    canonicalQuery(query),
    ...lines(normalized(request.headers), (name) => /^(x-mns-.*|content-type|content-md5)$/.test(name)),
    "",
    "",
  ].join("\n");
  const parts = [date.slice(0, 8), region, "mns", REQUEST_V4];
  const key = parts.reduce<string | Buffer>((parent, part) => hmac(parent, part), `aliyun_v4${secret}`);
  return hmac(key, text).toString("hex");
}

function scopeOf(date: string, region: string): string {
  return `${date.slice(0, 8)}/${region}/mns/${REQUEST_V4}`;
}

/** `20250603T105235Z`, or nothing that any claim could name. */
function dateOf({ headers }: SignedRequest): string {
  const ms = Date.parse(normalized(headers).get("date") ?? "");
  if (Number.isNaN(ms)) return "";
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}

/** Names in lower case, values without spaces around them, sorted by name. */
function normalized(headers: SignedRequest["headers"]): ReadonlyMap<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()] as const);
  return new Map(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function lines(values: ReadonlyMap<string, string>, isSigned: (name: string) => boolean): readonly string[] {
  return [...values].filter(([name]) => isSigned(name)).map(([name, value]) => `${name}:${value}`);
}

function canonicalQuery(query: string): string {
  const pairs = query.split("&").map((pair) => {
    const [name = "", value = ""] = pair.split(/=(.*)/s, 2).map(decoded);
    return [percentEncoded(name.trim().toLowerCase()), percentEncoded(value.trim())] as const;
  });
  return pairs
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`))
    .join("&");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Encodes as RFC 3986 says. encodeURIComponent leaves five characters unencoded. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
