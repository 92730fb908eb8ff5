import type { Handler, HandlerContext } from "../../src/core/handler.ts";

type On = (type: string, run: (payload: unknown, context: HandlerContext) => unknown, options?: object) => Handler;

/** A vendor's `on` without its types, as a JavaScript program calls it: any event name passes. */
export function asInJavaScript(on: (...args: never) => Handler): On {
  return (...args) => Reflect.apply(on, undefined, args);
}
