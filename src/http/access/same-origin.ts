import type { MiddlewareHandler } from "hono";

const READS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Accepts changes only from our own pages: a browser adds the password to requests from foreign pages too. This is
 * stricter than `hono/csrf`, which does not check JSON, and which compares the scheme, although that differs behind a
 * TLS proxy.
 */
export const sameOrigin: MiddlewareHandler = async (c, next) => {
  if (READS.has(c.req.method) || fromHere(c.req.raw.headers)) return await next();
  return c.text("Refused: this request does not come from the worker's own pages.\n", 403);
};

function fromHere(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = headers.get("origin");
  if (origin !== null) return URL.canParse(origin) && new URL(origin).host === headers.get("host")?.toLowerCase();
  // Without both headers it is no current browser. A script proves that by a content type that no form can send.
  return /^application\/json\b/i.test(headers.get("content-type") ?? "");
}
