/** `reliable-callback`: what handlers are made of, whichever vendor their events come from. */
export { PermanentError, RetryAfterError } from "./core/errors.ts";
export type { CallbackEvent, Door, JsonObject } from "./core/event.ts";
export type { Handler, HandlerContext, HandlerOptions } from "./core/handler.ts";
