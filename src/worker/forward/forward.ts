import { PermanentError, RetryAfterError } from "../../core/errors.ts";
import type { Handler, HandlerContext, HandlerOptions } from "../../core/handler.ts";
import { type Format, FORMATS, write } from "./formats.ts";
import { HOW_TO_MAKE_A_SECRET, isSigningSecret, signatureHeaders } from "../../core/webhook-signature.ts";

export type ForwardOptions = HandlerOptions & {
  readonly url: string;
  /** `whsec_...`, shared with the receiver. Several while it is changed: each of them signs. */
  readonly secrets: string | readonly string[];
  /** `standard`: everything in one JSON body. `cloudevents`: version 1.0, binary mode. */
  readonly format?: Format;
  /** Headers to send, such as a token, or a function that makes them from the event. */
  readonly headers?: Readonly<Record<string, string>> | ((context: HandlerContext) => Readonly<Record<string, string>>);
  /** Limits it to this vendor or type. By default it takes all events without a handler of their own. */
  readonly vendor?: string;
  readonly type?: string;
  readonly fetch?: typeof globalThis.fetch;
};

/** The longest `Retry-After` that is honoured: events must not age unseen. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** An answer is read up to this size, so that its connection can be reused. A longer or slower answer is cut off. */
const MAX_ANSWER_BYTES = 65_536;
const MAX_ANSWER_MS = 2_000;

/**
 * A handler that sends events to a URL, signed after the Standard Webhooks specification.
 *
 * `webhook-id` is the event's id. It is the same over redeliveries and retries, so the receiver can recognise repetitions.
 * Only if an event returns after Redis lost its data, its id changes, and its `fingerprint` does not. 2xx is success, 410
 * and 422 park the event, and everything else is tried again. No error quotes the receiver's answer, since it may contain
 * the payload. Throws if an option is wrong.
 */
export function forward(options: ForwardOptions): Handler {
  const { url, format = "standard", headers = {}, fetch = globalThis.fetch, ...rest } = options;
  // Read for each event, because the secrets may change while the worker runs.
  const secrets = (): readonly string[] => [options.secrets].flat();
  const mistake = mistakeIn(options, secrets());
  if (mistake !== undefined) throw new TypeError(`forward: ${mistake}`);
  const { origin } = new URL(url);
  const { secrets: _secrets, vendor = "*", type = "*", ...limits } = rest;
  return { ...limits, vendor, type, run };

  async function run(context: HandlerContext): Promise<void> {
    const { signal } = context;
    const response = await fetch(url, { ...toRequest(context), redirect: "manual", signal }).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw new Error(`cannot reach ${origin}`, { cause });
    });
    await discard(response);
    if (!response.ok) throw refusal(response, origin);
  }

  function toRequest(context: HandlerContext) {
    const { event } = context;
    const { body, headers: own } = write(format, context);
    return {
      method: "POST",
      headers: {
        "user-agent": "reliable-callback",
        ...(event.traceparent !== undefined && { traceparent: event.traceparent }),
        ...(typeof headers === "function" ? headers(context) : headers),
        "content-type": "application/json",
        ...own,
        ...signatureHeaders(secrets(), event.id, body),
      },
      body,
    };
  }
}

function mistakeIn({ url, format = "standard", headers }: ForwardOptions, secrets: readonly string[]) {
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return "url is not an http:// or https:// URL";
  if (parsed.username || parsed.password) return "url has a user or a password in it; use a header";
  if (secrets.length === 0 || !secrets.every(isSigningSecret)) return `a secret ${HOW_TO_MAKE_A_SECRET}`;
  if (!FORMATS.includes(format)) return `format is not ${FORMATS.join(" or ")}`;
  if (typeof headers === "function") return undefined;
  const taken = Object.keys(headers ?? {}).find((name) => TAKEN.test(name));
  if (taken !== undefined) return `headers: ${taken} is set by the format`;
  const broken = Object.entries(headers ?? {}).find(([name, value]) => !isHeader(name, value));
  return broken && `headers: ${JSON.stringify(broken[0])} is no header, or has a value that none can carry`;
}

const TAKEN = /^(webhook-|ce-|content-(type|length)$|host$)/i;

function isHeader(name: string, value: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e]*$/.test(value);
}

function refusal({ status, headers }: Response, origin: string): Error {
  const fact = `${origin} answered ${status}`;
  if (status === 410 || status === 422) return new PermanentError(fact);
  if (status >= 300 && status < 400) {
    return new Error(`${fact}, a redirect, which is not followed; use the final address`);
  }
  const afterMs = retryAfterMs(headers.get("retry-after"));
  return afterMs === undefined ? new Error(fact) : new RetryAfterError(fact, afterMs);
}

/** Reads seconds or an HTTP date. For anything else, or a time in the past, the usual backoff applies. */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return ms > 0 ? Math.min(ms, LONGEST_RETRY_AFTER_MS) : undefined;
}

/** Only the status counts, so a body that breaks off or never ends changes nothing. */
async function discard({ body }: Response): Promise<void> {
  if (!body) return;
  const reader = body.getReader();
  const cutOff = () => reader.cancel().catch(() => {});
  const timer = setTimeout(() => void cutOff(), MAX_ANSWER_MS);
  try {
    let bytes = 0;
    while (bytes <= MAX_ANSWER_BYTES) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.byteLength;
    }
    await cutOff();
  } catch {
    // The connection is gone, or the attempt's time is up. The rest is not needed.
  } finally {
    clearTimeout(timer);
  }
}
