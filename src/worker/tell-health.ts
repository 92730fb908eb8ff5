import type { Logger } from "pino";
import { type Health, TERMS } from "../core/health.ts";
import type { ProblemCode } from "../core/problems.ts";

/** The part that meets them says them, with more about each. */
const SAID_BY_OTHERS: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "redis-away",
  "redis-full",
  "redis-evicts",
  "redis-too-old",
  "pull-failing",
  "pull-unanswered",
  "confirm-failing",
  "source-settings",
  "events-expiring",
]);

/** Says each problem that counts once when it begins and once when it is over. */
export function createTellHealth(log: Pick<Logger, "info" | "warn" | "error">): (health: Health) => void {
  let told = new Map<string, ProblemCode>();
  return ({ problems }) => {
    const now = problems.filter(({ code }) => !SAID_BY_OTHERS.has(code));
    const keys = new Map(now.map(({ code, source = "" }) => [`${code} ${source}`, code]));
    for (const { code, source, fact, fix, since } of now)
      if (!told.has(`${code} ${source ?? ""}`))
        log[TERMS[code].state === "not-ready" ? "error" : "warn"](
          { code, ...(source && { source }), fix, since },
          fact,
        );
    for (const [key, code] of told) if (!keys.has(key)) log.info({ code }, "a problem is over");
    told = keys;
  };
}
