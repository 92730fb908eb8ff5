/** JSON over HTTP for people with curl, below /control/; for this machine only. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { readBody, send } from "./http.ts";

const MAX_BODY = 4 * 1024 * 1024;

type Reply = { readonly status: number; readonly json: unknown };
/** May throw a `ZodError` or a `RangeError`, whose message is the answer. */
type Route = (input: { readonly body: unknown; readonly query: URLSearchParams }) => Reply;

export type RoutesOptions = {
  /** By method and path: `GET /control/stats`. */
  readonly routes: Readonly<Record<string, Route>>;
  /** For GET /control/events/ID. */
  readonly find: (id: string) => object | undefined;
};

export function createRoutes({ routes, find }: RoutesOptions) {
  return async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const reply = isFromHere(request) ? await route(request, url) : problem(403, "/control/ answers this machine only");
    send(response, reply.status, `${JSON.stringify(reply.json, null, 2)}\n`);
  };

  async function route(request: IncomingMessage, { pathname, searchParams: query }: URL): Promise<Reply> {
    const id = /^\/control\/events\/([\w-]+)$/.exec(pathname)?.[1];
    if (id !== undefined && request.method === "GET") {
      const event = find(id);
      return event ? { status: 200, json: event } : problem(404, `no event ${id} (any more)`);
    }
    const found = routes[`${request.method} ${pathname}`];
    if (!found) return problem(404, `nothing here; there is ${Object.keys(routes).join(", ")}`);
    const bytes = await readBody(request, MAX_BODY);
    if (!bytes) return problem(413, `the body is larger than ${MAX_BODY} bytes`);
    try {
      const body: unknown = request.method === "POST" ? JSON.parse(bytes.toString("utf8")) : undefined;
      return found({ body, query });
    } catch (error) {
      return problem(400, saidOf(error));
    }
  }
}

function problem(status: number, error: string): Reply {
  return { status, json: { error } };
}

function saidOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  if (error instanceof SyntaxError) return `the body is not JSON: ${error.message}`;
  if (error instanceof RangeError) return error.message;
  throw error;
}

/**
 * Whether the caller is on this machine and no web page. Web pages send an Origin, or a foreign Host after DNS
 * rebinding.
 */
function isFromHere({ socket, headers }: IncomingMessage): boolean {
  const peer = socket.remoteAddress ?? "";
  const isLoopback = peer === "::1" || /^(::ffff:)?127\./.test(peer);
  const isLocalName = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i.test(headers.host ?? "");
  return isLoopback && isLocalName && headers.origin === undefined && headers["x-forwarded-for"] === undefined;
}
