import { createHash } from "node:crypto";
import { type CallbackEvent, UNREADABLE } from "./event.ts";
import type { Handlers, ResolvedHandler } from "./handlers.ts";
import type { Limited, LimitsOf } from "./limits.ts";

const SHORT = 64;

/**
 * For accepting events. An event whose key cannot be computed gets no order. Its start computes the key again, and
 * fails.
 */
export function createLimitsOf(handlers: Pick<Handlers, "find">): LimitsOf {
  return ({ vendor, type }, body) => {
    if (type === UNREADABLE) return undefined;
    const handler = handlers.find({ vendor, type });
    if (!handler?.limits) return undefined;
    if (!handler.orderKey) return { limits: handler.limits };
    try {
      return limitedOf(handler, { type, body: body() });
    } catch {
      return { limits: handler.limits };
    }
  };
}

/** Throws if the handler cannot compute the key. */
export function limitedOf(
  { limits, orderKey }: Pick<ResolvedHandler, "limits" | "orderKey">,
  event: Pick<CallbackEvent, "type" | "body">,
): Limited | undefined {
  if (!limits) return undefined;
  const key = orderKey?.(event);
  if (key === undefined) return { limits };
  if (typeof key !== "string" && typeof key !== "number")
    throw new Error(`orderBy gave ${kindOf(key)}; return a text or a number, or undefined for no order`);
  return { limits, key: shortOf(String(key)) };
}

/** Keys come from vendors and may have any length. A short one is shown to people as it is. */
function shortOf(key: string): string {
  if (key !== "" && key.length <= SHORT) return key;
  return createHash("sha256").update(key).digest("base64url").slice(0, 22);
}

function kindOf(value: unknown): string {
  return value === null ? "null" : `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}
