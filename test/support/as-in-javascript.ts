import type { Handler, HandlerContext } from "../../src/core/handler.ts";

type On = (type: string, run: (payload: unknown, context: HandlerContext) => unknown, options?: object) => Handler;

/** A vendor's `on` without the types that forbid what its author does not know. */
export function asInJavaScript(on: (...args: never) => Handler): On {
  return (...args) => Reflect.apply(on, undefined, args);
}
