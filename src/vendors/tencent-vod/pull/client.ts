/**
 * Calls to the API. Our own transport makes the frequent ones, and the official SDK makes the others. The SDK gets what it
 * lacks: kept connections, a proxy, a deadline for the whole call, and failures that say how to fix them. Nothing is retried
 * here, because only the callers know the cost of a second call.
 *
 * Answers are parsed with plain JSON.parse, by the SDK too (it uses json-bigint for requests only), so an integer beyond
 * 2^53 would lose digits. The vendor sends its ids as strings. Fields that the SDK does not know are passed on unchanged.
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
  /** Holds HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in upper or lower case. Without it no proxy is used. */
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
/** The vendor may hold a pull for 5 s, and recommends 10 s. The inbox relies on a confirmation to end within 5 s. */
const TIMEOUT_MS: Readonly<Record<Action, number>> = {
  PullEvents: 10_000,
  ConfirmEvents: 5_000,
  DescribeEventsState: 5_000,
  DescribeEventConfig: 5_000,
};
/** 4 MiB for each of 16 events, far more than any event has. A pull that we refuse for its size would come back for ever. */
const MOST_BYTES = 64 * 1024 * 1024;

export function createVodClient(options: VodClientOptions): VodClient {
  const { secretId, secretKey, sessionToken } = options;
  const endpoint = new URL(options.endpoint ?? ENDPOINT);
  const { send, agent, close } = createExchange({ endpoint, proxyEnv: options.proxyEnv, maxBytes: MOST_BYTES });
  const hotCall = createHotCall(options, endpoint, send);
  // Loaded at its first call, because loading takes a tenth of the start and the first event does not need it.
  const openSdk = madeOnce(async () => {
    const { vod } = await import("tencentcloud-sdk-nodejs-vod");
    return new vod.v20180717.Client({
      credential: { secretId, secretKey, ...(sessionToken === undefined ? {} : { token: sessionToken }) },
      profile: {
        language: "en-US",
        // With an agent, the SDK does not read http_proxy itself. Its own timeout starts late, so ours decides.
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
      return await (await openSdk()).request(action, params, { signal: deadline.signal() });
    } catch (err) {
      const why: unknown = deadline.signal().reason;
      // If the status is not 200, the SDK does not read the body, and the connection would stay in use.
      deadline.cut();
      throw why ?? err;
    } finally {
      deadline.clear();
    }
  }

  return { request, close };
}
