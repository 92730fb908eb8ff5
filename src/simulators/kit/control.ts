/** The side of a simulator that is its own, for people with curl: publish, read what became of it, make things go wrong. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { readBody, send } from "./http.ts";
import type { Page } from "./register.ts";

const MAX_BODY = 4 * 1024 * 1024;
const MAX_PAGE = 1000;

const PageSchema = z.strictObject({
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).optional(),
});

type Account<Fault, Changes> = {
  readonly settings: object;
  set(changes: Changes): void;
  history(page: Page): readonly { readonly id: string }[];
  find(id: string): object | undefined;
  stats(): object;
  readonly faults: { inject(fault: Fault): void; list(): readonly object[]; clear(): void };
};

type ControlOptions<Fault, Changes> = {
  readonly account: Account<Fault, Changes>;
  readonly FaultSchema: z.ZodType<Fault>;
  readonly ChangeSchema: z.ZodType<Changes>;
  /** Throws when what it is asked for makes no sense. Returns the ids. */
  readonly publish: (request: unknown) => readonly string[];
};

type Reply = { readonly status: number; readonly json: unknown };
type Route = (input: { readonly body: unknown; readonly query: URLSearchParams }) => Reply;

export function createControl<Fault, Changes>(options: ControlOptions<Fault, Changes>) {
  const { account, FaultSchema, ChangeSchema, publish } = options;
  const routes: Readonly<Record<string, Route>> = {
    "POST /control/events": ({ body }) => ({ status: 201, json: { ids: publish(body) } }),
    "GET /control/events": ({ query }) => {
      const { after, limit = 100 } = PageSchema.parse(Object.fromEntries(query));
      const events = account.history({ after, limit });
      return { status: 200, json: { events, next: events.length === limit ? (events.at(-1)?.id ?? null) : null } };
    },
    "GET /control/stats": () => ({ status: 200, json: account.stats() }),
    "GET /control/faults": () => ({ status: 200, json: { faults: account.faults.list() } }),
    "POST /control/faults": ({ body }) => {
      account.faults.inject(FaultSchema.parse(body));
      return { status: 201, json: { faults: account.faults.list() } };
    },
    "DELETE /control/faults": () => {
      account.faults.clear();
      return { status: 200, json: { faults: [] } };
    },
    "GET /control/settings": () => ({ status: 200, json: account.settings }),
    "POST /control/settings": ({ body }) => {
      account.set(ChangeSchema.parse(body));
      return { status: 200, json: account.settings };
    },
  };

  return async function control(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const reply = isFromHere(request) ? await route(request, url) : problem(403, "/control/ answers this machine only");
    send(response, reply.status, `${JSON.stringify(reply.json, null, 2)}\n`);
  };

  async function route(request: IncomingMessage, { pathname, searchParams: query }: URL): Promise<Reply> {
    const id = /^\/control\/events\/([\w-]+)$/.exec(pathname)?.[1];
    if (id !== undefined && request.method === "GET") {
      const event = account.find(id);
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

/** A peer on this machine that was not sent by a web page: those carry an Origin, or a foreign Host when they rebind DNS. */
function isFromHere({ socket, headers }: IncomingMessage): boolean {
  const peer = socket.remoteAddress ?? "";
  const isLoopback = peer === "::1" || /^(::ffff:)?127\./.test(peer);
  const isLocalName = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i.test(headers.host ?? "");
  return isLoopback && isLocalName && headers.origin === undefined && headers["x-forwarded-for"] === undefined;
}
