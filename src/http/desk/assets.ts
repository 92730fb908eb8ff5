/** The files that the pages load. They change only with the version. */
import { readFileSync } from "node:fs";
import { Hono } from "hono";
import type { HttpEnv } from "../access/guard.ts";

/** The parts of each file, in their order. */
const FILES = {
  "/desk.css": {
    parts: ["frame", "text", "events", "series", "actions"].map((name) => `styles/${name}.css`),
    type: "text/css; charset=utf-8",
  },
  "/desk.js": { parts: ["desk.client.js"], type: "text/javascript; charset=utf-8" },
  "/desk-worker.js": { parts: ["desk-worker.client.js"], type: "text/javascript; charset=utf-8" },
  "/desk.svg": { parts: ["desk.svg"], type: "image/svg+xml" },
};

export const ASSET_PATHS = Object.keys(FILES);

export function assets(): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  for (const [path, { parts, type }] of Object.entries(FILES)) {
    const content = parts.map((file) => readFileSync(new URL(file, import.meta.url), "utf8")).join("\n");
    app.get(path, (c) => c.body(content, 200, { "Content-Type": type, "Cache-Control": "no-cache" }));
  }
  return app;
}
