/** Finds fields of handlers that have no effect and look like misspelt options. A compiler would report them. */
import type { Handler } from "../core/handler.ts";
import { nearest } from "../core/nearest.ts";

const KNOWN: readonly string[] = [
  "vendor",
  "type",
  "run",
  "attempts",
  "backoffMs",
  "timeoutMs",
  "concurrency",
  "perSecond",
  "afterParked",
  "batch",
  "orderKey",
] satisfies (keyof Handler)[];

/** Options of `on` that a plain handler does not have. */
const OF_ON: ReadonlySet<string> = new Set(["failed", "orderBy"]);

/** Returns one line per field. Other fields of a handler are fine. */
export function strangeFields(handlers: readonly Handler[]): readonly string[] {
  return handlers.flatMap((handler) =>
    Object.keys(handler).flatMap((name) => {
      const hint = hintFor(name);
      return hint === undefined ? [] : [`a handler for ${JSON.stringify(handler.type)} has ${name}, ${hint}`];
    }),
  );
}

function hintFor(name: string): string | undefined {
  if (KNOWN.includes(name)) return undefined;
  if (OF_ON.has(name)) return "which only the `on` of a vendor knows: make the handler with that";
  const meant = nearest(name, KNOWN) ?? nearest(`${name}Ms`, KNOWN);
  return meant && `which is no option: did you mean ${meant}?`;
}
