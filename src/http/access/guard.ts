/**
 * Who may see and use the pages. With a password: whoever knows it. Without one: only a browser on this machine that
 * came straight to us. The socket's address alone would not do, since a proxy or tunnel on this machine connects from
 * loopback too, and a foreign page can point its own name at 127.0.0.1.
 */
import { BlockList, isIPv6 } from "node:net";
import type { HttpBindings } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context, MiddlewareHandler } from "hono";
import { auth } from "hono/utils/basic-auth";
import type { Logger } from "pino";
import { createFailures } from "./failures.ts";
import { isSameSecret } from "./secret.ts";

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

function withPassword(expected: Credentials, log: Logger): MiddlewareHandler<HttpEnv> {
  const failures = createFailures();

  return async (c, next) => {
    const address = peerOf(c);
    if (failures.tooMany(address))
      return c.text("Too many failed logins from this address; wait a minute.\n", 429, { "Retry-After": "60" });

    const given = auth(c.req.raw);
    // Both are always compared: the time taken does not tell which was wrong.
    const userFits = isSameSecret(given?.username ?? "", expected.user);
    const passwordFits = isSameSecret(given?.password ?? "", expected.password);
    if (given && userFits && passwordFits) return await next();

    // A browser's first request carries nothing: that is no failure.
    if (c.req.header("authorization") !== undefined) {
      failures.add(address);
      log.warn({ address }, "login to the dashboard refused");
    }
    const challenge = 'Basic realm="reliable-callback", charset="UTF-8"';
    return c.text("This page needs DASHBOARD_USER and DASHBOARD_PASSWORD.\n", 401, { "WWW-Authenticate": challenge });
  };
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");
const LOOPBACK_NAME = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;
/** Whatever a proxy, tunnel or content network leaves behind on what it passes on. */
const FORWARDING =
  /^(forwarded|via|x-forwarded.*|x-real-ip|x-client-ip|x-cluster-client-ip|x-original-.*|x-envoy-.*|x-amzn?-.*|x-azure-.*|true-client-ip|cf-.*|cdn-loop|fly-.*|tailscale-.*|ngrok-.*)$/;

const onlyThisMachine: MiddlewareHandler<HttpEnv> = async (c, next) => {
  const peer = peerOf(c);
  const direct = !Object.keys(c.req.header()).some((name) => FORWARDING.test(name.toLowerCase()));
  const local = LOOPBACK.check(peer, isIPv6(peer) ? "ipv6" : "ipv4");
  if (local && direct && LOOPBACK_NAME.test(c.req.header("host") ?? "")) return await next();
  return c.text(
    "Without a password this page answers only a browser on the worker's own machine, under localhost and not " +
      "through a proxy. Set DASHBOARD_PASSWORD to open it from elsewhere.\n",
    403,
  );
};
