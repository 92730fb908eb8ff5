import type { Logger } from "pino";
import { type Health, keyOf, TERMS } from "../core/health.ts";
import type { ProblemCode } from "../core/problems.ts";

/** Not logged here: the part that meets these problems logs them with more detail. */
const SAID_BY_OTHERS: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "redis-away",
  "redis-full",
  "redis-data-lost",
  "redis-evicts",
  "redis-too-old",
  "pull-failing",
  "pull-unanswered",
  "confirm-failing",
  "source-settings",
  "events-expiring",
  "worker-rebuilt",
]);

/** Logs each problem twice: when it begins to count, and when it is over. */
export function createTellHealth(log: Pick<Logger, "info" | "warn" | "error">): (health: Health) => void {
  let told: ReadonlyMap<string, ProblemCode> = new Map();
  return ({ problems }) => {
    const now = new Map<string, ProblemCode>();
    for (const problem of problems.filter(({ code }) => !SAID_BY_OTHERS.has(code))) {
      const { code, source, fact, fix, since } = problem;
      const key = keyOf(problem);
      now.set(key, code);
      if (told.has(key)) continue;
      const level = TERMS[code].state === "not-ready" ? "error" : "warn";
      log[level]({ code, ...(source && { source }), fix, since }, fact);
    }
    for (const [key, code] of told) if (!now.has(key)) log.info({ code }, "a problem is over");
    told = now;
  };
}
