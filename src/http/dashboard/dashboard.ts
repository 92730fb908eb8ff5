import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { HonoAdapter } from "@bull-board/hono";
import { serveStatic } from "@hono/node-server/serve-static";
import type { Hono } from "hono";
import type { Logger } from "pino";
import { refusalOf } from "./rules.ts";

export type DashboardQueue = ConstructorParameters<typeof BullMQAdapter>[0];

const BASE_PATH = "/dashboard";

/** bull-board, without what would lose or forge events. */
export function dashboard(options: { readonly queue: DashboardQueue; readonly log: Logger }): Hono {
  const { queue, log } = options;
  // Hides buttons only; the rules are what refuses.
  const board = {
    displayName: "events",
    description: "Failed means parked: retry it here, or give it up with a reason on the overview page.",
    allowCompletedRetries: false,
  };
  const serverAdapter = new HonoAdapter(serveStatic).setBasePath(BASE_PATH);
  createBullBoard({
    queues: [new BullMQAdapter(queue, board)],
    serverAdapter,
    options: {
      uiConfig: {
        boardTitle: "reliable-callback",
        miscLinks: [{ text: "Overview", url: "/" }],
        hideDocsLink: true,
        // One CLIENT LIST per poll otherwise.
        showWorkers: false,
      },
      handlerHooks: {
        before: async (context) => {
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
  return serverAdapter.registerPlugin();
}
