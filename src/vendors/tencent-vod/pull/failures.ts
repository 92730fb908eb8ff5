/**
 * Translates the errors of the SDK. Its messages are never passed on unchanged: they may hold keys, handles or bodies.
 */
import { z } from "zod";
import { VendorError } from "../../../core/errors.ts";
import { type Action, VodError } from "./error-codes.ts";

export type FailedCall = {
  readonly action: Action;
  readonly host: string;
  /** Secrets that no message may contain. */
  readonly secrets: readonly string[];
};

/** What the SDK's own exception tells: the API's error, or a status that is not 200, or only why the call failed. */
const Thrown = z.object({
  name: z.string().catch(""),
  message: z.string().catch(""),
  code: z.string().optional().catch(undefined),
  requestId: z.string().catch(""),
  httpCode: z.number().optional().catch(undefined),
});

export function toVendorError(err: unknown, call: FailedCall): VendorError {
  const { name, message, code, requestId, httpCode } = Thrown.parse(err instanceof Error ? err : {});
  if (name === "ZodError") return outage(call, "the answer has not the shape it should have");
  // The SDK throws FetchError raw while the body is read: it is cut off or no JSON, and the message would quote it.
  if (name === "FetchError" || err instanceof SyntaxError) return outage(call, "the answer is cut off or not JSON");
  if (err instanceof TypeError) return outage(call, "the answer carries no Response");
  if (httpCode !== undefined) return outage(call, `HTTP ${httpCode} ${hide(message, call.secrets)}`.trim());
  if (code !== undefined) {
    const said = { code: code.slice(0, MOST_OF_A_CODE), message: hide(message, call.secrets) };
    return new VodError({ action: call.action, requestId, ...said });
  }
  const reason = hide(/reason: (.*)$/s.exec(message)?.[1] ?? message, call.secrets);
  return outage(call, `no answer from ${call.host}${reason && `: ${reason}`}`, adviceOn(reason));
}

function outage({ action }: FailedCall, fact: string, fix?: string): VendorError {
  return new VendorError("outage", `${action}: ${fact}`, fix === undefined ? {} : { fix });
}

function adviceOn(reason: string): string | undefined {
  if (/certificate/i.test(reason)) {
    return "name the certificate authority of your proxy in NODE_EXTRA_CA_CERTS, or check TENCENT_VOD_ENDPOINT";
  }
  if (/ENOTFOUND|EAI_AGAIN/.test(reason)) return "check TENCENT_VOD_ENDPOINT, name resolution and HTTPS_PROXY";
  if (/tunnel/.test(reason)) return "check HTTPS_PROXY and what it allows";
  return undefined;
}

/** The vendor's longest is half of it. */
const MOST_OF_A_CODE = 100;
const MOST_CHARACTERS = 500;

/** The secrets we know, whatever looks like a key or a handle (16 characters with a digit among them), credentials in URLs. */
function hide(message: string, secrets: readonly string[]): string {
  let shown = message;
  for (const secret of secrets) if (secret !== "") shown = shown.replaceAll(secret, "(hidden)");
  // Cut before it is searched: what looks for keys takes hours for a megabyte.
  shown = shown
    .slice(0, 4 * MOST_CHARACTERS)
    .replaceAll(/\/\/[^/@\s]*@/g, "//")
    .replaceAll(/(?=[\w-]*\d)[\w-]{16,}/g, "(hidden)");
  return shown.length > MOST_CHARACTERS ? `${shown.slice(0, MOST_CHARACTERS)} ...` : shown;
}
