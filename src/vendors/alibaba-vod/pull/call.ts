/**
 * One signed call and its answer. The status is checked before the body, and a body without the expected XML is never a
 * success: the vendor's own client takes a proxy's error page for a successful deletion. Nothing is retried here, because
 * only the callers know the cost of a second call.
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
  /** For `v4`, if the endpoint does not contain it. */
  readonly region?: string | undefined;
  /** Holds HTTPS_PROXY, HTTP_PROXY and NO_PROXY. Without it no proxy is used. */
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
  /** Secrets besides the keys that no message may contain. */
  readonly secrets?: readonly string[];
  /** Returns undefined for an unexpected answer. */
  readonly read: (answer: { readonly status: number; readonly root: XmlElement | undefined }) => T | undefined;
};

/** `date`: by the vendor's clock, in whole seconds. NaN if the answer has none. */
type Answered<T> = { readonly value: T; readonly date: number };

export type Caller = {
  /** Rejects with a `VendorError` (an `MnsError` if MNS answered), or with the reason of `signal`. */
  readonly call: <T>(call: Call<T>, signal?: AbortSignal) => Promise<Answered<T>>;
  /** Closes the kept connections. */
  readonly close: () => void;
};

const VERSION = "2015-06-06";
/** The inbox relies on a confirmation to end within 5 s. */
const TIMEOUT_MS = 5_000;
/** Enough for 16 messages of 64 KB with every character escaped. */
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

/** Undefined for anything but XML: a proxy's page, half an answer, no body. */
function rootOf(text: string): XmlElement | undefined {
  try {
    return readXml(text);
  } catch {
    return undefined;
  }
}

/** The fix for a clock that the vendor refuses, with the difference if the vendor gives its time. */
function clockFix({ date }: Incoming): string {
  const advice = "set this machine's clock, best by NTP: the vendor accepts 15 minutes";
  const seconds = Math.round((Date.now() - date) / 1_000);
  // The vendor refused our time. So a date that agrees with it comes from a proxy on the way.
  if (!(Math.abs(seconds) >= 60)) return advice;
  return `${advice}, and it is ${Math.round(Math.abs(seconds) / 60)} min ${seconds < 0 ? "behind" : "ahead"}`;
}
