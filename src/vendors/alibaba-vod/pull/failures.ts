/** The error for a call without an answer. It contains no secret, because messages go into logs and onto pages. */
import { VendorError } from "../../../core/errors.ts";
import { messageOf } from "../../../core/failure.ts";
import { TimeoutError } from "../../exchange.ts";

export type FailedCall = {
  readonly action: string;
  readonly host: string;
  /** Secrets that no message may contain. */
  readonly secrets: readonly string[];
};

export function noAnswer(err: unknown, { action, host, secrets }: FailedCall): VendorError {
  const reason = hide(messageOf(err), secrets);
  const fix = adviceOn(reason);
  const told = err instanceof TimeoutError ? ` ${reason}` : reason && `: ${reason}`;
  return new VendorError("outage", `${action}: no answer from ${host}${told}`, fix === undefined ? {} : { fix });
}

function adviceOn(reason: string): string | undefined {
  if (/certificate/i.test(reason)) {
    return "name the certificate authority of your proxy in NODE_EXTRA_CA_CERTS, or check ALIBABA_MNS_ENDPOINT";
  }
  if (/ENOTFOUND|EAI_AGAIN/.test(reason)) return "check ALIBABA_MNS_ENDPOINT, name resolution and HTTPS_PROXY";
  if (/tunnel/i.test(reason)) return "check HTTPS_PROXY and what it allows";
  return undefined;
}

const MOST_CHARACTERS = 500;

/** Known secrets, everything that looks like a key or a handle (16 characters with a digit), and credentials in URLs. */
export function hide(message: string, secrets: readonly string[]): string {
  let shown = message;
  for (const secret of secrets) if (secret !== "") shown = shown.replaceAll(secret, "(hidden)");
  // The text is cut before the search, because searching a megabyte for keys would take too long.
  shown = shown
    .slice(0, 4 * MOST_CHARACTERS)
    .replaceAll(/\/\/[^/@\s]*@/g, "//")
    .replaceAll(/(?=[\w+/=-]*\d)[\w+/=-]{16,}/g, "(hidden)");
  return shown.length > MOST_CHARACTERS ? `${shown.slice(0, MOST_CHARACTERS)} ...` : shown;
}
