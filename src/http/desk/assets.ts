/** The files that the pages load. They change with the version alone. */
import { readFileSync } from "node:fs";
import { Hono } from "hono";
import type { HttpEnv } from "../access/guard.ts";

const FILES = {
  "/desk.css": ["desk.css", "text/css; charset=utf-8"],
  "/desk.js": ["desk.client.js", "text/javascript; charset=utf-8"],
  "/desk-worker.js": ["desk-worker.client.js", "text/javascript; charset=utf-8"],
  "/desk.svg": ["desk.svg", "image/svg+xml"],
} as const;

export const ASSET_PATHS = Object.keys(FILES);

export function assets(): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  for (const [path, [file, type]] of Object.entries(FILES)) {
    const content = readFileSync(new URL(file, import.meta.url), "utf8");
    app.get(path, (c) => c.body(content, 200, { "Content-Type": type, "Cache-Control": "no-cache" }));
  }
  return app;
}
