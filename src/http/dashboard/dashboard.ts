import { readFileSync } from "node:fs";
import { createBullBoard } from "@bull-board/api";
import { HonoAdapter } from "@bull-board/hono";
import { serveStatic } from "@hono/node-server/serve-static";
import type { Queue } from "bullmq";
import { Hono } from "hono";
import type { MiddlewareHandler } from "hono";
import type { Logger } from "pino";
import { type HttpEnv, personOf } from "../access/guard.ts";
import { boardNameOf } from "./board-name.ts";
import { EventsAdapter } from "./events-adapter.ts";
import { boundPage, refusalOf } from "./rules.ts";

export type DashboardQueue = Queue;

const BASE_PATH = "/dashboard";
const HIDDEN = readFileSync(new URL("hidden.css", import.meta.url), "utf8");

export type DashboardOptions = {
  /** One for each shard. */
  readonly queues: readonly DashboardQueue[];
  readonly log: Logger;
  /** The retry of the desk. False for an event that is neither parked nor delayed. */
  readonly retry: (id: string, by: string) => Promise<boolean>;
};

/** bull-board, without the actions that would lose or forge events. */
export function dashboard({ queues, log, retry }: DashboardOptions): Hono<HttpEnv> {
  const boards = queues.map((_, shard) => boardNameOf(shard));
  // This only hides buttons. The rules refuse the requests.
  const shown = {
    description: "Failed means parked: retry one here, all of a cause on the desk, or give it up with a reason there.",
    allowCompletedRetries: false,
  };
  const serverAdapter = new HonoAdapter(serveStatic).setBasePath(BASE_PATH);
  createBullBoard({
    queues: queues.map((queue, shard) => {
      const displayName = boardNameOf(shard);
      return new EventsAdapter(queue, { ...shown, displayName, prefix: displayName.slice(0, -queue.name.length) });
    }),
    serverAdapter,
    options: {
      uiConfig: {
        boardTitle: "reliable-callback",
        miscLinks: [{ text: "Desk", url: "/" }],
        hideDocsLink: true,
        // Otherwise each poll would run CLIENT LIST.
        showWorkers: false,
      },
      handlerHooks: {
        before: async (context) => {
          boundPage(context.request);
          const message = await refusalOf(context);
          return message === undefined ? { allow: true } : { allow: false, status: 403, message };
        },
      },
    },
  });
  serverAdapter.setErrorHandler((err) => {
    log.error({ err }, "dashboard request failed");
    return {
      status: 500,
      body: { error: { key: "ERRORS.INTERNAL_SERVER_ERROR" }, message: "The worker's log says why." },
    };
  });
  const app = new Hono<HttpEnv>();
  app.get("/hidden.css", (c) => c.body(HIDDEN, 200, { "Content-Type": "text/css; charset=utf-8" }));
  app.use(withOurStyle);
  // bull-board's own retry would leave no trace in the event's history. The rules answer where ours does nothing.
  for (const board of boards)
    for (const action of ["retry", "promote"])
      app.put(`/api/queues/${board}/:jobId/${action}`, async (c, next) => {
        if (await retry(c.req.param("jobId"), personOf(c))) return c.body(null, 204);
        return await next();
      });
  app.route("/", serverAdapter.registerPlugin());
  return app;
}

/** Adds our stylesheet after the board's own, and removes the fonts that it would fetch from elsewhere. */
const withOurStyle: MiddlewareHandler = async (c, next) => {
  await next();
  if (!c.res.headers.get("content-type")?.startsWith("text/html")) return;
  const html = (await c.res.text())
    .replace(/<link [^>]*https:\/\/fonts\.googleapis\.com[^>]*>/, "")
    .replace("</head>", '<link href="hidden.css" rel="stylesheet"></head>');
  c.res = new Response(html, { status: c.res.status, headers: c.res.headers });
};
