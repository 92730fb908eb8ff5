/**
 * Refuses requests that two programs may read differently. A proxy in front of the worker decides by its reading of the
 * path, and often passes on the original path: `/callbacks%2fx/../status.json` is a callback for the proxy and a page for
 * us. So a request whose path could be read in two ways is not routed.
 */
import type { IncomingMessage } from "node:http";

export const AMBIGUOUS =
  "Refused: the path has a dot segment, an empty segment, an encoded slash, dot or backslash, or a character that " +
  "belongs in no path; or the request has two Hosts.\n";

/** The beginning of an absolute URL, which clients send to proxies. */
const ORIGIN = /^https?:\/\/[\w.:[\]-]+(?=[/?]|$)/;
/** The characters of RFC 3986 and no other: URL parsers rewrite or drop some of the rest. */
const PATH = /^(?:\/(?:[\w.~!$&'()*+,;=:@-]|%[\da-f]{2})*)+$/i;
const EMPTY_SEGMENT = /\/\//;
/** Some servers cut a segment off at its semicolon before they look at the dots. */
const DOT_SEGMENT = /\/\.{1,2}(?:;[^/]*)?(?:\/|$)/;
/** A dot, slash, backslash or control character, encoded once or more often. */
const HIDDEN = /%(?:25)*(?:2e|2f|5c|[01][\da-f]|7f)/i;

/** With two Hosts a proxy may have looked at the other one. */
export function isAmbiguous({ url = "", headersDistinct }: Pick<IncomingMessage, "url" | "headersDistinct">): boolean {
  return !isPlain(url) || (headersDistinct["host"]?.length ?? 0) > 1;
}

/** Ignores the query, because nothing is routed by it. */
function isPlain(target: string): boolean {
  const [path = ""] = target.replace(ORIGIN, "").split("?", 1);
  if (path === "") return ORIGIN.test(target);
  return PATH.test(path) && ![EMPTY_SEGMENT, DOT_SEGMENT, HIDDEN].some((sign) => sign.test(path)) && isUtf8(path);
}

/** Overlong forms such as `%c0%ae` are a dot to a lax decoder. */
function isUtf8(path: string): boolean {
  try {
    return decodeURIComponent(path) !== "";
  } catch {
    return false;
  }
}
