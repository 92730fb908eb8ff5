/** All routes of this process. Health and metrics are open and show nothing secret. The pages are guarded. */
import { type Context, type Handler, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import { timeout } from "hono/timeout";
import type { Logger } from "pino";
import type { CallbackReadiness, Status } from "./probes/status-contract.ts";
import { access } from "./access/guard.ts";
import type { Credentials, HttpEnv } from "./access/guard.ts";
import { boardNameOf } from "./dashboard/board-name.ts";
import type { DashboardOptions, DashboardQueue } from "./dashboard/dashboard.ts";
import { createReadStatus, health } from "./probes/health.ts";
import { ASSET_PATHS } from "./desk/assets.ts";
import { desk } from "./desk/desk.ts";
import type { DeskPages } from "./desk/desk.ts";
import { sameOrigin } from "./access/same-origin.ts";
import { deskApi } from "./desk/api.ts";

type Pages = DeskPages & {
  /** One for each shard. */
  readonly queues: readonly DashboardQueue[];
  readonly shardOf: (source: string) => number;
};

export type HttpAppOptions = {
  readonly log: Logger;
  status(): Promise<Status>;
  readonly metrics: { readonly contentType: string; readonly text: () => Promise<string> };
  /** The login for the pages. Without it only a browser on this machine may see them. */
  readonly dashboard?: Credentials | undefined;
  /** Desk and dashboard. Missing if this process serves no pages. */
  readonly pages?: Pages | undefined;
  /** The endpoints that vendors call. They check their callers themselves. Their paths begin with `/callbacks`. */
  readonly callbacks?: Hono<HttpEnv> | undefined;
  /** Whether a callback would be stored. */
  readonly readCallbacks?: (() => Promise<CallbackReadiness>) | undefined;
  /** Aborts when the server closes, because pages that listen for changes would keep it open. */
  readonly closing?: AbortSignal | undefined;
};

const GUARDED = ["/", "/status.json", "/live", ...ASSET_PATHS, "/events/*", "/handlers/*", "/api/*"];
const BOARD = "/dashboard/*";
const MAX_BODY_BYTES = 64 * 1024;
const MAX_PAGE_MS = 15_000;

export function createHttpApp(options: HttpAppOptions): Hono<HttpEnv> {
  const { log, pages } = options;
  const readStatus = createReadStatus(options);
  const boardOf = (source: string): string => boardNameOf(pages?.shardOf(source) ?? 0);
  const app = new Hono<HttpEnv>();
  app.route("/", health({ readStatus, readCallbacks: options.readCallbacks, metrics: options.metrics }));
  if (options.callbacks) app.route("/", options.callbacks);
  if (pages) {
    // One guard for all paths, so that a wrong password counts wherever it was tried.
    const guard = access(options);
    const small = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge });
    for (const path of GUARDED) app.use(path, headers, guard, sameOrigin, small, limited);
    app.use(BOARD, headersOfBoard, guard, sameOrigin, small, limited);
    app.route("/", desk({ readStatus, pages, boardOf, log, closing: options.closing }));
    app.route("/", deskApi(pages.desk));
    // The board itself answers only without the slash.
    app.get("/dashboard/", (c) => c.redirect("/dashboard"));
    app.all(BOARD, createBoard({ queues: pages.queues, log, retry: (id, by) => pages.retry(id, by) }));
  }
  app.notFound(nothingHere);
  app.onError((err, c) => {
    if (err instanceof HTTPException) return err.getResponse();
    // The rest of the path may be the secret suffix.
    const area = c.req.path.split("/", 2).join("/");
    log.error({ err, method: c.req.method, area }, "request failed");
    return c.text("This did not work; the worker's log says why.\n", 500);
  });
  return app;
}

/** Loaded at the first request: it takes a tenth of the start time, and most processes never need it. */
function createBoard(options: DashboardOptions): Handler<HttpEnv> {
  let loading: Promise<Hono<HttpEnv>> | undefined;
  return async (c) => await (await (loading ??= loadBoard(options))).fetch(c.req.raw, c.env);
}

async function loadBoard(options: DashboardOptions): Promise<Hono<HttpEnv>> {
  const { dashboard } = await import("./dashboard/dashboard.ts");
  const board = new Hono<HttpEnv>().route("/dashboard", dashboard(options));
  board.notFound(nothingHere);
  board.onError((err) => {
    throw err;
  });
  return board;
}

function nothingHere(c: Context): Response {
  return c.text("Nothing here.\n", 404);
}

const SHARED_POLICY = { frameAncestors: ["'none'"], formAction: ["'self'"], baseUri: ["'none'"] };
const SHARED_HEADERS = {
  xFrameOptions: "DENY",
  // With `no-referrer` browsers send `Origin: null` from our own forms.
  referrerPolicy: "same-origin",
  // A proxy in front terminates TLS, so the proxy must decide about HSTS for its domain.
  strictTransportSecurity: false,
} as const;

const headers = secureHeaders({
  ...SHARED_HEADERS,
  contentSecurityPolicy: {
    ...SHARED_POLICY,
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    scriptSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    workerSrc: ["'self'"],
  },
});

/** bull-board uses inline styles and a `base` element. */
const headersOfBoard = secureHeaders({
  ...SHARED_HEADERS,
  contentSecurityPolicy: {
    ...SHARED_POLICY,
    defaultSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", "data:"],
    baseUri: ["'self'"],
  },
});

const limited = timeout(
  MAX_PAGE_MS,
  () => new HTTPException(503, { message: "This takes too long: is Redis away? What was asked may still happen.\n" }),
);

function tooLarge(): never {
  throw new HTTPException(413, { message: `More than ${MAX_BODY_BYTES} bytes.\n` });
}
