import type { MiddlewareHandler } from "hono";

const READS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * What changes something must come from our own pages: browsers add the password by themselves, whoever's page sends.
 * Stricter than `hono/csrf`, which lets JSON pass unseen and compares the scheme, which differs behind a TLS proxy.
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
  // Neither: no browser of these years. A script may say so with a content type that no foreign form can send.
  return /^application\/json\b/i.test(headers.get("content-type") ?? "");
}
