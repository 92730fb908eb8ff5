import type { Server, ServerResponse } from "node:http";
import { isIPv6 } from "node:net";
import { madeOnce } from "../core/event-log.ts";
import { http } from "../core/node-http.ts";
import { AMBIGUOUS, isAmbiguous } from "./access/ambiguous.ts";
import type { Listener, ListenerOptions } from "./listener.ts";

export type HttpOptions = ListenerOptions & {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The name of the port's setting, for messages. */
  readonly portSetting?: "PORT" | "PAGES_PORT" | undefined;
  /** How long a request may take to arrive completely. */
  readonly requestMs?: number | undefined;
  readonly maxConnections?: number | undefined;
};

export type HttpServer = {
  readonly address: { readonly host: string; readonly port: number; readonly url: string };
  /** Accepts no new connections, finishes running answers, and ends within 2 s. */
  close(): Promise<void>;
};

const CLOSE_MS = 2_000;
/** No body here is larger than a callback, and no vendor waits longer than 5 s for its answer. */
const REQUEST_MS = 10_000;
/**
 * Load balancers keep idle connections for 60 s (ALB, nginx) or 65 s, and reuse one until they see that it is closed. If
 * this side closed first, a callback could use a closing connection and be lost with a 502.
 */
const KEEP_ALIVE_MS = 75_000;
/** An idle connection takes about 15 KB. Strangers must not fill the memory with them. */
const MAX_CONNECTIONS = 4_096;
/**
 * The routes are loaded at the first request, or after this time: they are a quarter of all modules, and the first event
 * needs none of them. They are not loaded later, because an update may replace the files of a running process.
 */
const LOAD_AFTER_MS = 1_000;
const NOT_LOADED = "The pages and probes cannot be loaded; the worker's log says why.\n";

export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const { host, requestMs = REQUEST_MS, maxConnections = MAX_CONNECTIONS } = options;
  // By default Node checks every 30 s, and a slow request would keep its place for that long.
  // The limits on a request, its head included, count from its first byte: they do not end an idle connection.
  const times = {
    requestTimeout: requestMs,
    headersTimeout: requestMs,
    connectionsCheckingInterval: requestMs / 10,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  const closing = new AbortController();
  const loaded = madeOnce(async () => {
    const { createListener } = await import("./listener.ts");
    return await createListener({ ...options, closing: closing.signal });
  });
  const server = http.createServer(times, requestListener(loaded));
  server.maxConnections = maxConnections;
  server.on("drop", () => server.closeIdleConnections());
  const port = await listen(server, options);
  const loading = setTimeout(() => void loaded().catch(tellFailure), LOAD_AFTER_MS);
  let closed: Promise<void> | undefined;
  return { address: { host, port, url: urlOf(host, port) }, close };

  function tellFailure(err: unknown): void {
    options.log.error({ err }, "pages, probes and callbacks cannot be loaded; install the package again, and restart");
  }

  function close(): Promise<void> {
    closing.abort();
    clearTimeout(loading);
    return (closed ??= closeServer(server));
  }
}

/** An ambiguous request ends here, before its URL is resolved. A request that comes early waits for the routes. */
function requestListener(loaded: () => Promise<Listener>): Listener {
  return (incoming, outgoing) => {
    if (isAmbiguous(incoming)) return answerText(outgoing, 400, AMBIGUOUS);
    return void loaded().then(
      (answer) => answer(incoming, outgoing),
      () => answerText(outgoing, 500, NOT_LOADED),
    );
  };
}

function answerText(outgoing: ServerResponse, status: number, text: string): void {
  outgoing.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(text);
}

async function listen(server: Server, { host, port, portSetting = "PORT" }: HttpOptions): Promise<number> {
  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject).listen(port, host, listening.resolve);
  await listening.promise.catch((cause: unknown) => {
    const { name, fix } = adviceOn(cause, portSetting);
    throw new Error(`${name}: cannot listen on ${host} port ${port}: ${fix}`, { cause });
  });
  server.off("error", listening.reject);
  const bound = server.address();
  return bound !== null && typeof bound === "object" ? bound.port : port;
}

function adviceOn(cause: unknown, name: string): { readonly name: string; readonly fix: string } {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "EADDRINUSE")
    return { name, fix: `another program uses it; stop that one or set ${name} to a free port` };
  if (code === "EACCES") return { name, fix: `this user may not use such a port; set ${name} to one above 1023` };
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return { name: "HOST", fix: "this machine has no such address; set HOST to 127.0.0.1 or 0.0.0.0" };
  return { name: "HOST", fix: `set HOST and ${name} to an address of this machine` };
}

function urlOf(host: string, port: number): string {
  if (host === "0.0.0.0" || host === "::") return `http://localhost:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function closeServer(server: Server): Promise<void> {
  const closed = Promise.withResolvers<void>();
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
  server.close(() => {
    clearTimeout(cut);
    closed.resolve();
  });
  return closed.promise;
}
