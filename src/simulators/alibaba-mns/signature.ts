/**
 * How MNS checks its callers: by V2 (HMAC-SHA1) or V4 (HMAC-SHA256, for one day and one region). Written after the
 * vendor's documents and apart from the worker's own signing, so that a mistake in either one shows.
 */
import { createHmac } from "node:crypto";

export type SignedCall = {
  readonly method: string;
  /** Path and query, as they came. */
  readonly resource: string;
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string>>;
};

/** An Authorization header, read but not verified. */
export type Claim = { readonly accessKeyId: string; readonly signature: string } & (
  | { readonly version: "v2" }
  | { readonly version: "v4"; readonly day: string; readonly region: string }
);

const V2 = /^MNS (?<accessKeyId>[^:\s]+):(?<signature>\S+)$/;
const V4 =
  /^MNS4-HMAC-SHA256 Credential=(?<accessKeyId>[^/,\s]+)\/(?<day>\d{8})\/(?<region>[^/,\s]+)\/mns\/aliyun_v4_request, ?Signature=(?<signature>\w+)$/;

/** Undefined when the header has another shape. */
export function readClaim(authorization: string): Claim | undefined {
  const v2 = V2.exec(authorization)?.groups;
  if (v2) return { version: "v2", accessKeyId: v2["accessKeyId"] ?? "", signature: v2["signature"] ?? "" };
  const v4 = V4.exec(authorization)?.groups;
  if (!v4) return undefined;
  const { accessKeyId = "", day = "", region = "", signature = "" } = v4;
  return { version: "v4", accessKeyId, day, region, signature };
}

/** Whether the signature was made with this secret. */
export function isSigned(claim: Claim, call: SignedCall, accessKeySecret: string): boolean {
  if (claim.version === "v2") return claim.signature === signatureV2(call, accessKeySecret);
  return claim.signature === signatureV4(call, accessKeySecret, claim);
}

function signatureV2({ method, resource, headers }: SignedCall, secret: string): string {
  let text = `${method}\n`;
  for (const name of ["content-md5", "content-type", "date"]) text += `${headers[name] ?? ""}\n`;
  for (const name of namesIn(headers, isOfV2)) text += `${name}:${headers[name]?.trim()}\n`;
  return createHmac("sha1", secret)
    .update(text + resource)
    .digest("base64");
}

/** Undefined when the call is not of the claimed day, or cannot be decoded. */
function signatureV4(
  { method, resource, headers }: SignedCall,
  secret: string,
  { day, region }: { readonly day: string; readonly region: string },
): string | undefined {
  const time = timeOf(headers["date"] ?? "");
  const target = canonicalTarget(resource);
  if (time?.slice(0, 8) !== day || target === undefined) return undefined;
  let text = `MNS4-HMAC-SHA256\n${time}\n${day}/${region}/mns/aliyun_v4_request\n${method}\n${target}\n`;
  for (const name of namesIn(headers, isOfV4)) text += `${name}:${headers[name]?.trim()}\n`;
  const ofDay = createHmac("sha256", `aliyun_v4${secret}`).update(day).digest();
  const ofRegion = createHmac("sha256", ofDay).update(region).digest();
  const ofService = createHmac("sha256", ofRegion).update("mns").digest();
  const key = createHmac("sha256", ofService).update("aliyun_v4_request").digest();
  return createHmac("sha256", key).update(`${text}\n`).digest("hex");
}

function isOfV2(name: string): boolean {
  return name.startsWith("x-mns-");
}

function isOfV4(name: string): boolean {
  return isOfV2(name) || name === "content-type" || name === "content-md5";
}

function namesIn(headers: SignedCall["headers"], isCovered: (name: string) => boolean): readonly string[] {
  return Object.keys(headers).filter(isCovered).toSorted();
}

/** `20250603T105235Z` of an HTTP date. */
function timeOf(date: string): string | undefined {
  const ms = Date.parse(date);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

/** The path, and in the next line the parameters by their names in lower case, both encoded by RFC 3986. */
function canonicalTarget(resource: string): string | undefined {
  const mark = resource.indexOf("?");
  const path = mark < 0 ? resource : resource.slice(0, mark);
  const query = mark < 0 ? [] : resource.slice(mark + 1).split("&");
  try {
    const parameters = query.map((parameter) => {
      const equals = parameter.indexOf("=");
      if (equals < 0) return { name: recoded(parameter).toLowerCase(), value: "" };
      return { name: recoded(parameter.slice(0, equals)).toLowerCase(), value: recoded(parameter.slice(equals + 1)) };
    });
    parameters.sort((one, other) => (one.name < other.name ? -1 : 1));
    const line = parameters.map(({ name, value }) => (value === "" ? name : `${name}=${value}`)).join("&");
    return `${path.split("/").map(recoded).join("/")}\n${line}`;
  } catch {
    return undefined;
  }
}

/** Throws for a badly encoded text. */
function recoded(text: string): string {
  const bytes = new TextEncoder().encode(decodeURIComponent(text).trim());
  const characters = Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  });
  return characters.join("");
}
