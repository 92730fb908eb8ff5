/** Checks before a queue sees a call: key, token, time, signature, rights. */
import { type Answer, refusal } from "./answers.ts";
import type { Action, Settings } from "./settings.ts";
import { isSigned, readClaim, type SignedCall, timeOf } from "./signature.ts";

const MAX_SKEW_MS = 300_000;
/** The region that a worker assumes for 127.0.0.1. */
const REGION = "local";

export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The keys are temporary and come with this token. */
  readonly sessionToken?: string | undefined;
};

/** The answer to a call of unknown origin; undefined for a genuine call. */
export function refuseCaller(call: SignedCall, credentials: Credentials, now: number): Answer | undefined {
  const claim = readClaim(String(call.headers["authorization"] ?? ""));
  if (claim?.accessKeyId !== credentials.accessKeyId)
    return refusal(403, "UnrecognizedClientException", "The security token included in the request is invalid.");
  if (call.headers["x-amz-security-token"] !== credentials.sessionToken)
    return refusal(403, "ExpiredTokenException", "The security token included in the request is expired.");
  const isForHere = claim.region === REGION && claim.service === "sqs";
  const isFresh = Math.abs(now - timeOf(call)) <= MAX_SKEW_MS;
  if (isForHere && isFresh && isSigned(claim, call, credentials.secretAccessKey)) return undefined;
  const mismatch = "The request signature we calculated does not match the signature you provided.";
  return refusal(403, "InvalidSignatureException", mismatch);
}

export function refuseAction(action: Action, { denied }: Settings): Answer | undefined {
  if (!denied.includes(action)) return undefined;
  return refusal(403, "AccessDeniedException", `User is not authorized to perform: sqs:${action}`);
}
