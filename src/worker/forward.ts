import { Webhook } from "standardwebhooks";
import { PermanentError, RetryAfterError } from "../core/errors.ts";
import type { Handler, HandlerContext } from "../core/handler.ts";

export type ForwardOptions = {
  readonly url: string;
  /** `whsec_...`, shared with the receiver. */
  readonly secret: string;
  readonly fetch?: typeof globalThis.fetch;
};

/** A receiver that asks for more is tried again after this long: events must not age unseen. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** Answers are read up to here, so that the connection can be used again; a longer or slower one is cut off. */
const MAX_ANSWER_BYTES = 65_536;
const MAX_ANSWER_MS = 2_000;

/**
 * Sends every event that has no handler of its own to one URL, signed after the Standard Webhooks specification.
 *
 * `webhook-id` is the event's id: the same over redeliveries and retries, so that the receiver can tell a repetition. It
 * changes only for an event that returns after Redis lost its data; the `fingerprint` in the signed body does not.
 * 2xx is success, 410 and 422 park the event, everything else is tried again. What the receiver answers is not quoted in
 * any error, since it may repeat the payload.
 */
export function forward({ url, secret, fetch = globalThis.fetch }: ForwardOptions): Handler {
  const webhook = new Webhook(secret);
  const { origin } = new URL(url);
  return { vendor: "*", type: "*", run };

  async function run(context: HandlerContext): Promise<void> {
    const { signal } = context;
    const request = toRequest(context, webhook);
    const response = await fetch(url, { ...request, redirect: "manual", signal }).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw new Error(`cannot reach ${origin}`, { cause });
    });
    await discard(response);
    if (!response.ok) throw refusal(response, origin);
  }
}

function toRequest({ event, attempt }: HandlerContext, webhook: Webhook) {
  const { id, fingerprint, vendor, door, type, receivedAt } = event;
  const body = JSON.stringify({ id, fingerprint, vendor, door, type, receivedAt, attempt, event: event.body });
  const now = new Date();
  const headers = {
    "content-type": "application/json",
    "user-agent": "reliable-callback",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": webhook.sign(id, now, body),
  };
  return { method: "POST", headers, body };
}

function refusal({ status, headers }: Response, origin: string): Error {
  const fact = `${origin} answered ${status}`;
  if (status === 410 || status === 422) return new PermanentError(fact);
  if (status >= 300 && status < 400) {
    return new Error(`${fact}, a redirect, which is not followed; set FORWARD_URL to the final address`);
  }
  const afterMs = retryAfterMs(headers.get("retry-after"));
  return afterMs === undefined ? new Error(fact) : new RetryAfterError(fact, afterMs);
}

/** Seconds or an HTTP date; what is neither, or not in the future, leaves the pause to the usual backoff. */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return ms > 0 ? Math.min(ms, LONGEST_RETRY_AFTER_MS) : undefined;
}

/** The status is the answer, so that a body which breaks off, or never ends, changes nothing. */
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
    // the connection is gone or the attempt's time is up: nobody needs the rest
  } finally {
    clearTimeout(timer);
  }
}
