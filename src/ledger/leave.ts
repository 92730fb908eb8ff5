/** A failed attempt may leave lines and progress in the ledger. Most attempts leave nothing. */
import type { Redis } from "ioredis";
import type { CallbackEvent, EventRef } from "../core/event.ts";
import type { FailedRun, Left } from "../core/inbox.ts";
import type { Keys } from "./keys.ts";
import { type LifeWords, NO_HISTORY } from "./life-words.ts";
import { loadScript } from "./scripts.ts";

/** Asks whether the event's handler succeeded. The same call stores what a failed attempt leaves for the page. */
export function createRan(redis: Redis, { keysOf }: Keys, words: LifeWords = NO_HISTORY) {
  const leave = loadScript(redis, "source", "leave");

  return async (event: EventRef | CallbackEvent, left: Left = {}, failed?: FailedRun): Promise<boolean> => {
    const { source, fingerprint, id } = event;
    const own = keysOf(source);
    const isNoted = failed !== undefined && words.replica !== "";
    if (isNoted || left.lines || left.progress !== undefined) {
      const life = isNoted ? [words.replica, words.pushed(event), words.error(failed.error || "failed")] : ["", "", ""];
      const args = [source, id, textOf(left), fingerprint, Math.ceil(failed?.ranForMs ?? 0), ...life];
      return (await leave(own.scope, ...args)) === 1;
    }
    return (await redis.hget(own.job(id), "handlerSucceeded")) === "1";
  };
}

/** An empty text if there is nothing to leave. */
export function textOf(left: Left): string {
  return left.hasSteps || left.lines || left.progress !== undefined ? JSON.stringify(left) : "";
}
