/** Checks before an action runs, in the vendor's order: key, time, signature, action, quota, permission. */
import type { IncomingHttpHeaders } from "node:http";
import type { CallCounts } from "../kit/call-counts.ts";
import { isSignature, parseAuthorization, utcDate } from "./signing.ts";
import { type Answer, refusal } from "./answers.ts";
import { ACTIONS, type Action, type Settings } from "./settings.ts";

const VERSION = "2018-07-17";
const MAX_SKEW_S = 300;
/** The vendor's own rates of these two actions; all others have 100. */
const SLOW_ACTIONS = new Map<Action, number>([
  ["DescribeEventsState", 20],
  ["ModifyEventConfig", 20],
]);

export type Credentials = {
  readonly secretId: string;
  readonly secretKey: string;
  /** The account hands out temporary credentials, which come with this token. */
  readonly sessionToken?: string | undefined;
};

type ApiRequest = { readonly headers: IncomingHttpHeaders; readonly body: Uint8Array };

export type GatewayOptions = {
  readonly credentials: Credentials;
  readonly settings: () => Settings;
  readonly calls: CallCounts;
};

export function actionOf(headers: IncomingHttpHeaders): Action | undefined {
  const name = single(headers, "x-tc-action");
  return ACTIONS.find((action) => action === name);
}

/** The answer to a refused call; undefined for an accepted one. */
export function refuse(request: ApiRequest, { credentials, settings, calls }: GatewayOptions): Answer | undefined {
  return (
    refuseCaller(request, credentials, Date.now() + settings().clockOffsetMs) ??
    refuseAction(request.headers, settings(), calls)
  );
}

function refuseCaller({ headers, body }: ApiRequest, credentials: Credentials, now: number): Answer | undefined {
  const claimed = parseAuthorization(single(headers, "authorization"));
  if (!claimed) return refusal("AuthFailure.InvalidAuthorization", "The Authorization header cannot be read.");
  if (claimed.secretId !== credentials.secretId) {
    return refusal(
      "AuthFailure.SecretIdNotFound",
      "The SecretId is not found, please ensure that your SecretId is correct.",
    );
  }
  const timestamp = Number(single(headers, "x-tc-timestamp") || Number.NaN);
  if (!Number.isSafeInteger(timestamp)) {
    return refusal("MissingParameter", "The request header `X-TC-Timestamp` is missing or not a UNIX time in seconds.");
  }
  if (Math.abs(now / 1000 - timestamp) > MAX_SKEW_S) {
    return refusal(
      "AuthFailure.SignatureExpire",
      `The signature has expired: the server time is ${Math.floor(now / 1000)}, the signature's ${timestamp}, and more than five minutes apart.`,
    );
  }
  const badSignature = refusal(
    "AuthFailure.SignatureFailure",
    "The provided credentials could not be validated. Please check your signature is correct.",
  );
  const { signedHeaders, service, signature } = claimed;
  if (claimed.date !== utcDate(timestamp)) return badSignature;
  if (!signedHeaders.includes("content-type") || !signedHeaders.includes("host")) return badSignature;
  // The official Node SDK signs the host without its port but sends it with one; others sign what they send.
  const isSigned = [withoutPort, (host: string) => host].some((hostOf) => {
    const signed = signedHeaders.map((name): [string, string] => {
      const value = single(headers, name);
      return [name, name === "host" ? hostOf(value) : value];
    });
    return isSignature(signature, {
      method: "POST",
      headers: signed,
      body,
      timestamp,
      service,
      secretKey: credentials.secretKey,
    });
  });
  if (!isSigned) return badSignature;
  const { sessionToken } = credentials;
  if (sessionToken !== undefined && single(headers, "x-tc-token") !== sessionToken) {
    return refusal("AuthFailure.TokenFailure", "The token is wrong or missing.");
  }
  return undefined;
}

function refuseAction(headers: IncomingHttpHeaders, settings: Settings, calls: CallCounts): Answer | undefined {
  const action = actionOf(headers);
  if (!action) {
    return refusal(
      "InvalidAction",
      `The request is invalid: the action \`${single(headers, "x-tc-action")}\` is not found.`,
    );
  }
  if (single(headers, "x-tc-version") !== VERSION) {
    return refusal("NoSuchVersion", `The API version \`${single(headers, "x-tc-version")}\` does not exist.`);
  }
  const { callsPerSecond } = settings;
  const count = calls.withinSecond(action);
  const limit = Math.min(callsPerSecond, SLOW_ACTIONS.get(action) ?? callsPerSecond);
  if (callsPerSecond > 0 && count > limit) {
    return refusal(
      "RequestLimitExceeded",
      `Your current request times equals to \`${count}\` in a second, which exceeds the frequency limit \`${limit}\` for a second. Please reduce the frequency of calls.`,
    );
  }
  if (settings.denied.includes(action)) {
    return refusal(
      "UnauthorizedOperation",
      `You are not authorized to perform operation (vod:${action}) on resource (*): it has no permission.`,
    );
  }
  return undefined;
}

function single(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === "string" ? value : "";
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, "");
}
