/**
 * Calls to the API: those that are made all the time by our own transport, the others by the official SDK, with what it lacks:
 * kept connections, a proxy, a deadline for the whole call, and failures that say what to do. It retries nothing; that is for those who know what a second call costs.
 *
 * Answers are parsed with plain JSON.parse, by the SDK too (json-bigint is in its tree for requests alone), so an integer
 * beyond 2^53 would lose digits. The vendor sends its ids as strings; fields the SDK does not know come through untouched.
 */
import type { z } from "zod";
import { startDeadline } from "../../../core/deadline.ts";
import { VendorError } from "../../../core/errors.ts";
import { madeOnce } from "../../../core/event-log.ts";
import { createExchange, TimeoutError } from "../../exchange.ts";
import { type Action, VodError } from "./error-codes.ts";
import { toVendorError } from "./failures.ts";
import { createHotCall } from "./hot-calls.ts";
import { clockFix } from "./vendor-clock.ts";

export type VodClientOptions = {
  readonly secretId: string;
  readonly secretKey: string;
  readonly sessionToken?: string | undefined;
  readonly endpoint?: string | undefined;
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY are looked up, in either case; without it there is no proxy. */
  readonly proxyEnv?: Readonly<Record<string, string | undefined>> | undefined;
  /** Shortens the deadline of every call. */
  readonly timeoutMs?: number | undefined;
};

export type VodParams = { readonly SubAppId?: number; readonly EventHandles?: readonly string[] };

export type VodClient = {
  /** Rejects with a `VendorError` (a `VodError` if the API answered), or with the reason of `signal`. */
  readonly request: <T>(action: Action, params: VodParams, reply: z.ZodType<T>, signal?: AbortSignal) => Promise<T>;
  /** Closes the kept connections. */
  readonly close: () => void;
};

const ENDPOINT = "https://vod.tencentcloudapi.com";
/** A pull may be held for 5 s, and the vendor advises 10 s. The inbox counts on a confirmation ending within 5 s. */
const TIMEOUT_MS: Readonly<Record<Action, number>> = {
  PullEvents: 10_000,
  ConfirmEvents: 5_000,
  DescribeEventsState: 5_000,
  DescribeEventConfig: 5_000,
};
/** 4 MiB for each of 16 events, far more than any has: a pull that is refused for its size would come back for ever. */
const MOST_BYTES = 64 * 1024 * 1024;

export function createVodClient(options: VodClientOptions): VodClient {
  const { secretId, secretKey, sessionToken } = options;
  const endpoint = new URL(options.endpoint ?? ENDPOINT);
  const { send, agent, close } = createExchange({ endpoint, proxyEnv: options.proxyEnv, maxBytes: MOST_BYTES });
  const hotCall = createHotCall(options, endpoint, send);
  // Loaded by the first rare call: it takes a tenth of the start, and the first event does not need it.
  const openSdk = madeOnce(async () => {
    const { vod } = await import("tencentcloud-sdk-nodejs-vod");
    return new vod.v20180717.Client({
      credential: { secretId, secretKey, ...(sessionToken === undefined ? {} : { token: sessionToken }) },
      profile: {
        language: "en-US",
        // An agent also keeps the SDK from reading http_proxy by itself. Its own timeout starts late, so ours decides.
        httpProfile: { endpoint: endpoint.host, protocol: `${endpoint.protocol}//`, agent, reqTimeout: 30 },
      },
    });
  });

  async function request<T>(action: Action, params: VodParams, reply: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const timeoutMs = Math.min(TIMEOUT_MS[action], options.timeoutMs ?? Infinity);
    try {
      const isHot = action === "PullEvents" || action === "ConfirmEvents";
      return reply.parse(await (isHot ? hotCall : rareCall)(action, params, timeoutMs, signal));
    } catch (err) {
      signal?.throwIfAborted();
      if (err instanceof TimeoutError)
        throw new VendorError("outage", `${action}: no answer from ${endpoint.host} within ${timeoutMs} ms`);
      const secrets = [secretId, secretKey, sessionToken ?? "", ...(params.EventHandles ?? [])];
      const failure = toVendorError(err, { action, host: endpoint.host, secrets });
      if (!(failure instanceof VodError) || failure.kind !== "clock") throw failure;
      throw failure.withFix(await clockFix(endpoint, agent, signal));
    }
  }

  async function rareCall(
    action: Action,
    params: VodParams,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const deadline = startDeadline(timeoutMs, signal, () => new TimeoutError());
    try {
      return await (await openSdk()).request(action, params, { signal: deadline.signal });
    } catch (err) {
      const why: unknown = deadline.signal.reason;
      // The SDK leaves the body unread when the status is not 200, and so the connection in use.
      deadline.cut();
      throw why ?? err;
    } finally {
      deadline.clear();
    }
  }

  return { request, close };
}
