/**
 * The health of a process, derived from its problems. A problem counts only after it has lasted for a while. It stops
 * counting only after it was gone for a while. Vendors fail a call now and then. If the state followed each failure, it
 * would wake people for nothing.
 */
import type { Problem, ProblemCode } from "./problems.ts";

/**
 * - `ready`: it makes progress
 * - `attention`: it makes progress, and a person should look at something
 * - `not-ready`: something keeps it from making progress
 */
export const HEALTH_STATES = ["ready", "attention", "not-ready"] as const;

export type HealthState = (typeof HEALTH_STATES)[number];

export type LastingProblem = Omit<Problem, "sinceMs"> & {
  /** When it began. */
  readonly since: string;
};

export type Health = {
  readonly state: HealthState;
  readonly ready: boolean;
  /** The problems that stop progress come first. */
  readonly problems: readonly LastingProblem[];
};

type Terms = {
  readonly state: Exclude<HealthState, "ready">;
  /** The problem counts after it has lasted for this long. */
  readonly afterMs: number;
  /** The problem is over after it was gone for this long. */
  readonly goneForMs: number;
};

/** For problems that a person causes or a setting shows. They do not come and go. */
const AT_ONCE: Terms = { state: "not-ready", afterMs: 0, goneForMs: 0 };
/** Redis is back within seconds after most restarts. */
const OF_REDIS: Terms = { state: "not-ready", afterMs: 3_000, goneForMs: 3_000 };
/** Longer than a few failed calls in a row with their pauses. */
const OF_CALLS: Terms = { state: "not-ready", afterMs: 10_000, goneForMs: 5_000 };
/** For problems that are computed from the last minutes. */
const OF_RATES: Terms = { state: "attention", afterMs: 10_000, goneForMs: 60_000 };

export const TERMS: Readonly<Record<ProblemCode, Terms>> = {
  "redis-away": OF_REDIS,
  "redis-full": OF_REDIS,
  "redis-cannot-save": OF_REDIS,
  "redis-read-only": OF_REDIS,
  "redis-lacks-replicas": OF_REDIS,
  "redis-not-replicated": OF_REDIS,
  "redis-loading": OF_REDIS,
  "redis-cluster-down": OF_REDIS,
  "redis-wrong-node": OF_REDIS,
  "redis-no-access": OF_REDIS,
  "redis-busy": OF_REDIS,
  "redis-no-connections": OF_REDIS,
  "redis-error": OF_REDIS,
  "redis-data-lost": { state: "attention", afterMs: 0, goneForMs: 0 },
  "redis-evicts": AT_ONCE,
  "redis-too-old": AT_ONCE,
  "status-slow": AT_ONCE,
  "status-unreadable": AT_ONCE,
  "pull-failing": OF_CALLS,
  // Until the first answer it is unknown whether this process can work.
  "pull-unanswered": AT_ONCE,
  "pull-silent": AT_ONCE,
  "confirm-failing": OF_CALLS,
  "confirm-silent": OF_CALLS,
  "source-settings": AT_ONCE,
  "events-expiring": AT_ONCE,
  "queue-paused": AT_ONCE,
  "nothing-starts": AT_ONCE,
  "not-stored": OF_CALLS,
  "worker-rebuilt": { state: "attention", afterMs: 0, goneForMs: 0 },
  "too-many-parked": OF_CALLS,
  "callbacks-refused": OF_CALLS,
  "limit-full": { state: "attention", afterMs: 10_000, goneForMs: 10_000 },
  "order-unknown": { state: "attention", afterMs: 0, goneForMs: 0 },
  // Longer than a replica takes to be replaced.
  "role-unfilled": { state: "attention", afterMs: 30_000, goneForMs: 10_000 },
  "parked-growing": OF_RATES,
  // An operator who watches parked events looks within minutes.
  "events-parked": { state: "attention", afterMs: 900_000, goneForMs: 10_000 },
  "handler-failing": OF_RATES,
  "vendor-slow": OF_RATES,
};

type Entry = { problem: Omit<Problem, "sinceMs">; began: number; seenAt: number; counts: boolean };

export class HealthTracker {
  readonly #entries = new Map<string, Entry>();

  /** `found`: all current problems. */
  look(found: readonly Problem[]): Health {
    const now = Date.now();
    const present = new Map(found.map((problem) => [keyOf(problem), problem]));
    for (const [key, { sinceMs, ...problem }] of present) {
      const known = this.#entries.get(key);
      // A problem that reports its own start has begun again, unless it counted the whole time.
      const began = known?.counts ? known.began : (sinceMs ?? known?.began ?? now);
      const counts = known?.counts === true || now - began >= TERMS[problem.code].afterMs;
      this.#entries.set(key, { problem, began, seenAt: now, counts });
    }
    for (const [key, { problem, seenAt, counts }] of this.#entries)
      if (!present.has(key) && (!counts || now - seenAt >= TERMS[problem.code].goneForMs)) this.#entries.delete(key);
    const counting = [...this.#entries.values()].filter(({ counts }) => counts);
    return healthOf(counting.map(lasting));
  }
}

export function healthOf(problems: readonly LastingProblem[]): Health {
  const blocking = problems.filter(({ code }) => TERMS[code].state === "not-ready");
  const others = problems.filter((problem) => !blocking.includes(problem));
  const ready = blocking.length === 0;
  const state = ready ? (others.length === 0 ? "ready" : "attention") : "not-ready";
  return { state, ready, problems: [...blocking, ...others] };
}

function lasting({ problem, began }: Entry): LastingProblem {
  return { ...problem, since: new Date(began).toISOString() };
}

/** The identity of a problem. */
export function keyOf({ code, source }: Pick<Problem, "code" | "source">): string {
  return `${code} ${source ?? ""}`;
}
