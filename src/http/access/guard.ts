/**
 * Decides who may see and use the pages. With a password: everybody who knows it. Without one: only a browser on this
 * machine that connects directly. The socket's address alone does not prove that, since a proxy or tunnel on this machine
 * connects from loopback too, and a foreign page can let its own name point to 127.0.0.1.
 */
import { BlockList, isIPv6 } from "node:net";
import type { HttpBindings } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context, MiddlewareHandler } from "hono";
import { auth } from "hono/utils/basic-auth";
import type { Logger } from "pino";
import { OFTEN } from "../../core/log-groups.ts";
import { isSameSecret } from "../../core/same-secret.ts";

export type HttpEnv = { readonly Bindings: HttpBindings };
export type Credentials = { readonly user: string; readonly password: string };

export function access(options: {
  readonly dashboard?: Credentials | undefined;
  readonly log: Logger;
}): MiddlewareHandler<HttpEnv> {
  return options.dashboard ? withPassword(options.dashboard, options.log) : onlyThisMachine;
}

export function peerOf(c: Context<HttpEnv>): string {
  return getConnInfo(c).remote.address ?? "unknown";
}

/** The name of the person in the life of an event. */
export function personOf(c: Context<HttpEnv>): string {
  const user = auth(c.req.raw)?.username;
  return user === undefined || user === "" ? peerOf(c) : `${user}, ${peerOf(c)}`;
}

function withPassword(expected: Credentials, log: Logger): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const given = auth(c.req.raw);
    // Both are always compared, so that the time does not reveal which one was wrong.
    const userFits = isSameSecret(given?.username ?? "", expected.user);
    const passwordFits = isSameSecret(given?.password ?? "", expected.password);
    if (given && userFits && passwordFits) return await next();

    // A browser's first request has no credentials. That is no failed login.
    if (c.req.header("authorization") !== undefined)
      log.warn({ ...OFTEN, address: peerOf(c) }, "login to the dashboard refused");
    const challenge = 'Basic realm="reliable-callback", charset="UTF-8"';
    return c.text("This page needs DASHBOARD_USER and DASHBOARD_PASSWORD.\n", 401, { "WWW-Authenticate": challenge });
  };
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");
const LOOPBACK_NAME = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;
/** Headers that proxies, tunnels and content networks add to requests. */
const FORWARDING =
  /^(forwarded.*|via|x-forward.*|x-real-.*|(x-)?client-ip|x-cluster-client-ip|x-original-.*|x-rewrite-.*|x-proxy.*|x-envoy-.*|x-amzn?-.*|x-azure-.*|x-appengine-.*|x-cloud-trace-context|x-vercel-.*|x-request-id|x-varnish|true-client-ip|remote-(addr|user)|cf-.*|cdn-loop|fastly-.*|akamai-.*|fly-.*|tailscale-.*|ngrok-.*|max-forwards|proxy-.*)$/;

/** Proxies without special settings use HTTP/1.0, and requests to a proxy have a whole URL. */
const onlyThisMachine: MiddlewareHandler<HttpEnv> = async (c, next) => {
  const { httpVersion, url = "" } = c.env.incoming;
  const peer = peerOf(c);
  const local = LOOPBACK.check(peer, isIPv6(peer) ? "ipv6" : "ipv4");
  const named = LOOPBACK_NAME.test(c.req.header("host") ?? "");
  const direct = httpVersion === "1.1" && url.startsWith("/") && !isForwarded(Object.keys(c.req.header()));
  if (local && named && direct) return await next();
  return c.text(
    "Without a password this page answers only a browser on the worker's own machine, under localhost and not " +
      "through a proxy. Set DASHBOARD_PASSWORD to open it from elsewhere.\n",
    403,
  );
};

/** Some proxies and gateways write their headers with underscores. */
function isForwarded(names: readonly string[]): boolean {
  return names.some((name) => FORWARDING.test(name.toLowerCase().replaceAll("_", "-")));
}
