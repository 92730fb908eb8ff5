/**
 * How AWS checks its callers: Signature Version 4. Written after AWS's documents and apart from the worker's own
 * signing, so that a mistake in either one shows.
 */
import { createHash, createHmac } from "node:crypto";

export type SignedCall = {
  readonly method: string;
  /** Path and query, as they came. */
  readonly target: string;
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
};

/** An Authorization header, read but not verified. */
export type Claim = {
  readonly accessKeyId: string;
  /** YYYYMMDD */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
};

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/;

/** Undefined when the header has another shape. */
export function readClaim(authorization: string): Claim | undefined {
  const match = AUTHORIZATION.exec(authorization);
  if (!match) return undefined;
  const [, accessKeyId = "", day = "", region = "", service = "", names = "", signature = ""] = match;
  return { accessKeyId, day, region, service, signedHeaders: names.split(";"), signature };
}

/** Whether the call was signed with this secret. Host and every x-amz header that came must be covered. */
export function isSigned(claim: Claim, call: SignedCall, secretAccessKey: string): boolean {
  const time = headerOf(call, "x-amz-date");
  const isCovered = (name: string): boolean => claim.signedHeaders.includes(name);
  const mustBe = ["host", ...Object.keys(call.headers).filter((name) => name.startsWith("x-amz-"))];
  if (!time.startsWith(`${claim.day}T`) || !mustBe.every(isCovered)) return false;
  const ofDay = createHmac("sha256", `AWS4${secretAccessKey}`).update(claim.day).digest();
  const ofRegion = createHmac("sha256", ofDay).update(claim.region).digest();
  const ofService = createHmac("sha256", ofRegion).update(claim.service).digest();
  const key = createHmac("sha256", ofService).update("aws4_request").digest();
  const scope = `${claim.day}/${claim.region}/${claim.service}/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonicalOf(claim, call))}`;
  return createHmac("sha256", key).update(text).digest("hex") === claim.signature;
}

/** UNIX ms of a call's time, `20150830T123600Z`; NaN for anything else. */
export function timeOf(call: SignedCall): number {
  const shape = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
  return Date.parse(headerOf(call, "x-amz-date").replace(shape, "$1-$2-$3T$4:$5:$6Z"));
}

function canonicalOf({ signedHeaders }: Claim, call: SignedCall): string {
  const [path = "", query = ""] = call.target.split("?", 2);
  let text = `${call.method}\n${path}\n${query.split("&").toSorted().join("&")}\n`;
  for (const name of signedHeaders) text += `${name}:${headerOf(call, name).trim().replaceAll(/ +/g, " ")}\n`;
  return `${text}\n${signedHeaders.join(";")}\n${sha256(call.body)}`;
}

function headerOf({ headers }: SignedCall, name: string): string {
  return String(headers[name] ?? "");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
