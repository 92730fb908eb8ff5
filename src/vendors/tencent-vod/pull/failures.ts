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

/** Reads the SDK's own exception: an error of the API, a status other than 200, or only the reason why the call failed. */
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
  // If the body is cut off or is no JSON, the SDK throws a raw FetchError, whose message would quote the body.
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

/** The longest code of the vendor has half of this length. */
const MOST_OF_A_CODE = 100;
const MOST_CHARACTERS = 500;

/** Known secrets, everything that looks like a key or a handle (16 characters with a digit), and credentials in URLs. */
function hide(message: string, secrets: readonly string[]): string {
  let shown = message;
  for (const secret of secrets) if (secret !== "") shown = shown.replaceAll(secret, "(hidden)");
  // The text is cut before the search, because searching a megabyte for keys would take hours.
  shown = shown
    .slice(0, 4 * MOST_CHARACTERS)
    .replaceAll(/\/\/[^/@\s]*@/g, "//")
    .replaceAll(/(?=[\w-]*\d)[\w-]{16,}/g, "(hidden)");
  return shown.length > MOST_CHARACTERS ? `${shown.slice(0, MOST_CHARACTERS)} ...` : shown;
}
