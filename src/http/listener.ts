/** Answers requests with all routes. A module of its own, because the server loads it late. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import type { HttpEnv } from "./access/guard.ts";
import { createHttpApp, type HttpAppOptions } from "./routes.ts";

export type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => unknown;

export type ListenerOptions = Omit<HttpAppOptions, "callbacks"> & {
  /** Loads the endpoints that vendors call. Missing where no callbacks are taken. */
  readonly callbacks?: (() => Promise<Hono<HttpEnv>>) | undefined;
};

export async function createListener({ callbacks, ...options }: ListenerOptions): Promise<Listener> {
  const app = createHttpApp({ ...options, callbacks: await callbacks?.() });
  // A program that embeds the worker keeps its own Request and Response.
  return getRequestListener(app.fetch, { overrideGlobalObjects: false });
}
