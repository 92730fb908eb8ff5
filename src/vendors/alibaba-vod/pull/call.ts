/**
 * One signed call and what MNS says to it. The status is looked at before the body, and a body that is not the XML it
 * should be is never success: the vendor's own client takes a proxy's error page for a successful deletion. Nothing is
 * retried; that is for those who know what a second call costs.
 */
import { VendorError } from "../../../core/errors.ts";
import { readError } from "./answers.ts";
import { type Action, MnsError } from "./error-codes.ts";
import { createExchange, type Incoming, type ProxyEnv } from "../../exchange.ts";
import { hide, noAnswer } from "./failures.ts";
import { regionOf } from "./region.ts";
import { authorize, type SignatureVersion } from "./signing.ts";
import { readXml, type XmlElement } from "./xml.ts";

export type CallerOptions = {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Of temporary keys. */
  readonly securityToken?: string | undefined;
  /** `https://ACCOUNT.mns.REGION.aliyuncs.com` */
  readonly endpoint: string;
  /** Default `v2`. */
  readonly signature?: SignatureVersion | undefined;
  /** For `v4`, where the endpoint does not tell it. */
  readonly region?: string | undefined;
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY are looked up; without it there is no proxy. */
  readonly proxyEnv?: ProxyEnv | undefined;
  /** Shortens the deadline of every call. */
  readonly timeoutMs?: number | undefined;
};

type Call<T> = {
  readonly action: Action;
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: string;
  readonly timeoutMs?: number;
  /** More secrets that no message may contain, beside the keys. */
  readonly secrets?: readonly string[];
  /** Undefined when it is not the answer it should be. */
  readonly read: (answer: { readonly status: number; readonly root: XmlElement | undefined }) => T | undefined;
};

/** `date` is by the vendor's clock, whole seconds; NaN if it does not say. */
type Answered<T> = { readonly value: T; readonly date: number };

export type Caller = {
  /** Rejects with a `VendorError` (an `MnsError` if MNS answered), or with the reason of `signal`. */
  readonly call: <T>(call: Call<T>, signal?: AbortSignal) => Promise<Answered<T>>;
  /** Closes the kept connections. */
  readonly close: () => void;
};

const VERSION = "2015-06-06";
/** The inbox counts on a confirmation ending within 5 s. */
const TIMEOUT_MS = 5_000;
/** 16 messages of 64 KB whose every character is escaped. */
const MOST_BYTES = 8 * 1024 * 1024;

export function createCaller(options: CallerOptions): Caller {
  const { accessKeyId, accessKeySecret, securityToken, signature = "v2" } = options;
  const endpoint = new URL(options.endpoint);
  const region = signature === "v4" ? (options.region ?? regionOf(endpoint)) : undefined;
  const { send, close } = createExchange({ endpoint, proxyEnv: options.proxyEnv, maxBytes: MOST_BYTES });
  return { call: request, close };

  async function request<T>(
    call: Call<T>,
    signal?: AbortSignal,
  ): Promise<{ readonly value: T; readonly date: number }> {
    const { action, method, body = "" } = call;
    const resource = `${call.path}${queryOf(call.query)}`;
    const headers = signed({ method, resource, body });
    const timeoutMs = Math.min(call.timeoutMs ?? TIMEOUT_MS, options.timeoutMs ?? Infinity);
    const secrets = [accessKeyId, accessKeySecret, securityToken ?? "", ...(call.secrets ?? [])];
    const answer = await send({ method, resource, headers, body, timeoutMs }, signal).catch((err: unknown) => {
      signal?.throwIfAborted();
      throw noAnswer(err, { action, host: endpoint.host, secrets });
    });
    const root = rootOf(answer.text);
    const error = root && readError(root);
    if (error) {
      const message = hide(error.message, secrets);
      throw new MnsError({ action, ...error, message }, error.code === "TimeExpired" ? clockFix(answer) : undefined);
    }
    const value = call.read({ status: answer.status, root });
    if (value !== undefined) return { value, date: answer.date };
    throw new VendorError("outage", `${action}: HTTP ${answer.status}, and not an answer of MNS`);
  }

  function signed({ method, resource, body }: { method: string; resource: string; body: string }) {
    const headers = {
      date: new Date().toUTCString(),
      "x-mns-version": VERSION,
      ...(body !== "" && { "content-type": "text/xml;charset=utf-8" }),
    };
    const authorization = authorize({ method, resource, headers }, { accessKeyId, accessKeySecret }, region);
    return { ...headers, authorization, ...(securityToken !== undefined && { "security-token": securityToken }) };
  }
}

function queryOf(query: Call<unknown>["query"] = {}): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

/** Undefined for anything that is not XML: a proxy's page, half an answer, nothing. */
function rootOf(text: string): XmlElement | undefined {
  try {
    return readXml(text);
  } catch {
    return undefined;
  }
}

/** What to do about a clock the vendor refuses; says how far it is off, if the vendor tells. */
function clockFix({ date }: Incoming): string {
  const advice = "set this machine's clock, best by NTP: the vendor accepts 15 minutes";
  const seconds = Math.round((Date.now() - date) / 1_000);
  // The vendor refused our time, so a date that agrees with ours comes from a proxy in between.
  if (!(Math.abs(seconds) >= 60)) return advice;
  return `${advice}, and it is ${Math.round(Math.abs(seconds) / 60)} min ${seconds < 0 ? "behind" : "ahead"}`;
}
