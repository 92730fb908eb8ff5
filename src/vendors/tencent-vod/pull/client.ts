/**
 * The official SDK with what it lacks: kept connections, a proxy, a deadline for the whole call, and failures that say what
 * to do. It retries nothing; that is for those who know what a second call costs.
 *
 * The SDK parses answers with plain JSON.parse (json-bigint is in its tree for requests alone), so an integer beyond 2^53
 * would lose digits. The vendor sends its ids as strings; fields the SDK does not know come through untouched.
 */
import * as http from "node:http";
import * as https from "node:https";
import { vod } from "tencentcloud-sdk-nodejs-vod";
import type { z } from "zod";
import { startDeadline } from "../../../core/deadline.ts";
import { VendorError } from "../../../core/errors.ts";
import { type Action, VodError } from "./error-codes.ts";
import { toVendorError } from "./failures.ts";
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
/** Shorter than servers keep an idle connection, lest a call meets one that is just being closed. */
const IDLE_MS = 20_000;

export function createVodClient(options: VodClientOptions): VodClient {
  const { secretId, secretKey, sessionToken } = options;
  const endpoint = new URL(options.endpoint ?? ENDPOINT);
  const agent = createAgent(endpoint, options.proxyEnv);
  const sdk = new vod.v20180717.Client({
    credential: { secretId, secretKey, ...(sessionToken === undefined ? {} : { token: sessionToken }) },
    profile: {
      language: "en-US",
      // An agent also keeps the SDK from reading http_proxy by itself. Its own timeout starts late, so ours decides.
      httpProfile: { endpoint: endpoint.host, protocol: `${endpoint.protocol}//`, agent, reqTimeout: 30 },
    },
  });

  async function request<T>(action: Action, params: VodParams, reply: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const timeoutMs = Math.min(TIMEOUT_MS[action], options.timeoutMs ?? Infinity);
    const deadline = startDeadline(timeoutMs, signal);
    try {
      return reply.parse(await sdk.request(action, params, { signal: deadline.signal }));
    } catch (err) {
      const timedOut = deadline.signal.aborted;
      // The SDK leaves the body unread when the status is not 200, and so the connection in use.
      deadline.cut();
      signal?.throwIfAborted();
      if (timedOut)
        throw new VendorError("outage", `${action}: no answer from ${endpoint.host} within ${timeoutMs} ms`);
      const secrets = [secretId, secretKey, sessionToken ?? "", ...(params.EventHandles ?? [])];
      const failure = toVendorError(err, { action, host: endpoint.host, secrets });
      if (!(failure instanceof VodError) || failure.kind !== "clock") throw failure;
      throw failure.withFix(await clockFix(endpoint, agent, signal));
    } finally {
      deadline.clear();
    }
  }

  return { request, close: () => agent.destroy() };
}

function createAgent(endpoint: URL, proxyEnv: VodClientOptions["proxyEnv"]): http.Agent {
  const { Agent } = endpoint.protocol === "http:" ? http : https;
  try {
    return new Agent({ keepAlive: true, timeout: IDLE_MS, proxyEnv: { ...proxyEnv } });
  } catch {
    // Node's own message quotes the address, and with it the proxy's password.
    const fix = `set ${endpoint.protocol === "http:" ? "HTTP_PROXY" : "HTTPS_PROXY"} to an address such as http://proxy:8080`;
    throw new VendorError("configuration", "the proxy's address is not a URL", { fix });
  }
}
