/** An attempt may leave lines and progress in the ledger beside its end. Most leave nothing. */
import type { Redis } from "ioredis";
import type { EventRef } from "../core/event.ts";
import type { Left } from "../core/inbox.ts";
import type { Keys } from "./keys.ts";
import { loadScript } from "./scripts.ts";

/** Tells whether the event's handler succeeded. The question takes along what a failed attempt leaves for the page. */
export function createRan(redis: Redis, { keysOf }: Keys) {
  const leave = loadScript(redis, "source", "leave");

  return async ({ source, id }: EventRef, left: Left = {}): Promise<boolean> => {
    const own = keysOf(source);
    if (left.lines || left.progress !== undefined) return (await leave(own.scope, id, textOf(left))) === 1;
    return (await redis.hget(own.job(id), "handlerSucceeded")) === "1";
  };
}

/** Empty for nothing. */
export function textOf(left: Left): string {
  return left.hasSteps || left.lines || left.progress !== undefined ? JSON.stringify(left) : "";
}
