/** One signed call to SQS by its JSON protocol, and the meaning of its answer. Nothing is retried here. */
import type { z } from "zod";
import { startDeadline } from "../../../core/deadline.ts";
import { VendorError } from "../../../core/errors.ts";
import { isObject, type JsonObject } from "../../../core/event.ts";
import { amzDate, authorize } from "./signing.ts";

export type SqsOptions = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
  /** `https://sqs.REGION.amazonaws.com/ACCOUNT/QUEUE`. Calls go to this host. */
  readonly queueUrl: string;
};

type Action = "ReceiveMessage" | "DeleteMessageBatch" | "ChangeMessageVisibility" | "GetQueueAttributes";

type Call<T> = {
  readonly action: Action;
  readonly input: JsonObject;
  readonly answer: z.ZodType<T>;
  readonly timeoutMs?: number;
  /** Secrets besides the keys that no message may contain. */
  readonly secrets?: readonly string[];
};

/** Rejects with a `VendorError`, or with the reason of `signal`. */
export type Sqs = <T>(call: Call<T>, signal?: AbortSignal) => Promise<T>;

const SERVICE = "sqs";
/** AWS's longest code has half of this length. A longer one would only flood logs and pages. */
export const MOST_OF_A_CODE = 100;
/** The inbox relies on a confirmation to end within 5 s. */
const TIMEOUT_MS = 5_000;
/** AWS accepts a difference of 5 minutes. The Date of an answer has whole seconds, and the answer took some time. */
const CLOCK_OFF_MS = 240_000;

export function createSqs({ accessKeyId, secretAccessKey, sessionToken, queueUrl }: SqsOptions): Sqs {
  const { origin, host, hostname } = new URL(queueUrl);
  const scope = { region: regionOf(hostname), service: SERVICE };
  const keys = [accessKeyId, secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])];

  return async ({ action, input, answer, timeoutMs = TIMEOUT_MS, secrets = [] }, signal) => {
    signal?.throwIfAborted();
    const body = JSON.stringify({ QueueUrl: queueUrl, ...input });
    const headers = {
      "content-type": "application/x-amz-json-1.0",
      host,
      "x-amz-date": amzDate(Date.now()),
      "x-amz-target": `AmazonSQS.${action}`,
      ...(sessionToken !== undefined && { "x-amz-security-token": sessionToken }),
    };
    const signed = { method: "POST", path: "/", headers, body };
    const authorization = authorize(signed, scope, { accessKeyId, secretAccessKey });
    const deadline = startDeadline(timeoutMs, signal);
    const request = {
      method: "POST",
      headers: { ...headers, authorization },
      body,
      signal: deadline.signal(),
    } as const;
    try {
      const response = await fetch(origin, { ...request, redirect: "manual" });
      // Actions that answer nothing have no body.
      const read: unknown = await response
        .text()
        .then((text) => (text === "" ? {} : JSON.parse(text)))
        .catch(() => undefined);
      const date = Date.parse(response.headers.get("date") ?? "");
      if (!response.ok && isObject(read)) throw refusal(action, read, date, [...keys, ...secrets]);
      const known = response.ok ? answer.safeParse(read) : undefined;
      if (known?.success) return known.data;
      throw new VendorError("outage", `${action}: HTTP ${response.status}, and not an answer of SQS`);
    } catch (err) {
      signal?.throwIfAborted();
      if (err instanceof VendorError) throw err;
      const why = deadline.signal().aborted ? " in time" : causeOf(err);
      throw new VendorError("outage", `${action}: no answer from ${host}${why}`);
    } finally {
      deadline.clear();
    }
  };
}

/** `eu-west-1` in sqs.eu-west-1.amazonaws.com. A simulator has no region. */
export function regionOf(hostname: string): string {
  return /(?:^|\.)sqs\.([a-z0-9-]+)\./.exec(hostname)?.[1] ?? "local";
}

function refusal(action: Action, answer: JsonObject, date: number, secrets: readonly string[]): VendorError {
  const { __type: type, message = answer["Message"] } = answer;
  // Named with or without the service it comes from.
  const code = (typeof type === "string" && type.split("#").at(-1)?.slice(0, MOST_OF_A_CODE)) || "no code";
  const said = typeof message === "string" ? `: ${message}` : "";
  const shown = secrets.reduce((text, secret) => text.replaceAll(secret, "(hidden)"), said).slice(0, 300);
  const { kind, fix } = isClockOff(code, date) ? CLOCK : meaningOf(action, code);
  return new VendorError(kind, `${action}: ${code}${shown}`, fix === undefined ? {} : { fix });
}

type Meaning = { readonly kind: VendorError["kind"]; readonly fix?: string };

const CLOCK: Meaning = { kind: "clock", fix: "set this machine's clock, best by NTP: AWS accepts 5 minutes" };

/** AWS has no code for a wrong clock. It refuses the signature instead. */
function isClockOff(code: string, date: number): boolean {
  return /signature|expired/i.test(code) && Math.abs(Date.now() - date) > CLOCK_OFF_MS;
}

/** Unknown codes are outages. For a confirmation the only safe reading is that its effect is unknown. */
function meaningOf(action: Action, code: string): Meaning {
  if (/throttl|OverLimit/i.test(code)) return { kind: "limit" };
  if (/ReceiptHandle|InvalidParameterValue|NotInflight/.test(code) && /^(Delete|Change)/.test(action))
    return { kind: "refused" };
  if (/AccessDenied|KMS/i.test(code))
    return check(`the rights of AWS_ACCESS_KEY_ID: it needs sqs:${action.replace("Batch", "")} for this queue`);
  if (/QueueDoesNotExist|InvalidAddress/.test(code))
    return check("AWS_MEDIACONVERT_QUEUE_URLS: there is no such queue");
  if (/ExpiredToken|SecurityToken/.test(code))
    return check("AWS_SESSION_TOKEN: it has expired or belongs to another key");
  if (/InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId/.test(code))
    return check("AWS_ACCESS_KEY_ID: there is no such key");
  if (/Signature/.test(code)) return check("AWS_SECRET_ACCESS_KEY: the signature was refused");
  return { kind: "outage" };
}

function check(what: string): Meaning {
  return { kind: "configuration", fix: `check ${what}` };
}

/** The reason of a failed fetch is in the `cause` of its error. */
function causeOf(err: unknown): string {
  const cause = err instanceof Error && err.cause instanceof Error ? err.cause : err;
  return cause instanceof Error && "code" in cause ? `: ${String(cause.code)}` : "";
}
