/** Checks before a queue sees a call: key, time, signature, action, rights, quota. */
import type { IncomingHttpHeaders } from "node:http";
import type { CallCounts } from "../kit/call-counts.ts";
import { type Answer, refusal } from "./answers.ts";
import type { Action, Settings } from "./settings.ts";
import { isSigned, readClaim } from "./signature.ts";

const MAX_SKEW_MS = 15 * 60_000;

export type Credentials = {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** The keys are temporary and come with this token. */
  readonly securityToken?: string | undefined;
};

export type SimulatedCall = {
  readonly method: string;
  /** Path and query, as they came. */
  readonly resource: string;
  readonly headers: IncomingHttpHeaders;
};

/** The answer to a call of unknown origin; undefined for a genuine call. */
export function refuseCaller(call: SimulatedCall, credentials: Credentials, now: number): Answer | undefined {
  const headers = singles(call.headers);
  const { date = "", authorization = "" } = headers;
  if (headers["x-mns-version"] === undefined) return refusal(400, "MissingVersionHeader", "x-mns-version is required.");
  if (authorization === "") return refusal(400, "MissingAuthorizationHeader", "Authorization is required.");
  if (date === "") return refusal(400, "MissingDateHeader", "Date is required.");
  const skew = Math.abs(Date.parse(date) - now);
  if (Number.isNaN(skew)) return refusal(400, "InvalidDateHeader", "The Date header is not a date.");
  if (skew > MAX_SKEW_MS) return refusal(408, "TimeExpired", "The http request you sent is expired.");
  const claim = readClaim(authorization);
  if (!claim) return refusal(400, "InvalidAuthorizationHeader", "The Authorization header format is invalid.");
  if (claim.accessKeyId !== credentials.accessKeyId)
    return refusal(403, "InvalidAccessKeyId", "The OSS Access Key Id you provided does not exist in our records.");
  if (headers["security-token"] !== credentials.securityToken)
    return refusal(403, "InvalidSecurityToken", "The security token you provided is invalid.");
  const { method, resource } = call;
  if (isSigned(claim, { method, resource, headers }, credentials.accessKeySecret)) return undefined;
  return refusal(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the one you sent.");
}

export function refuseAction(action: Action, settings: Settings, calls: CallCounts): Answer | undefined {
  const isOver = calls.withinSecond("all") > settings.callsPerSecond;
  if (settings.callsPerSecond > 0 && isOver) return refusal(403, "QpsLimitExceeded", "The QPS limit is exceeded.");
  if (!settings.denied.includes(action)) return undefined;
  return refusal(
    403,
    "AccessDenied",
    "The OwnerId that your Access Key Id associated to is forbidden for this operation.",
  );
}

function singles(headers: IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  return Object.fromEntries(entries);
}
