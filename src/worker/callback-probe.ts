/**
 * Whether a callback would be stored now: Redis takes writes, and there is room. Load balancers use it to route
 * callbacks. It does not say whether this process makes progress.
 */
import type { Redis } from "ioredis";
import type { CallbackReadiness, CallbackStatus } from "../http/probes/status-contract.ts";
import { problems } from "../core/problems.ts";
import { redisTrouble, redisTroubleOf } from "../core/redis-trouble.ts";
import { settledBefore } from "../core/sleep.ts";
import type { Keys } from "../ledger/keys.ts";
import { tryToWrite } from "../ledger/probe.ts";
import { refusalOf } from "../queue/refusals.ts";
import { callbackProblems } from "./problems-now.ts";

export type CallbackProbeOptions = {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly isReachable?: (() => boolean) | undefined;
  readonly status: () => Promise<CallbackStatus>;
  /** Redis has no room for more. */
  readonly isFull?: (() => boolean) | undefined;
};

/** Anybody who reaches the port may ask, so Redis is asked once a second at most. */
const HOLDS_MS = 1_000;
/** Probes allow an answer 2 s or more. */
const PATIENCE_MS = 1_000;

export function createCallbackProbe({
  redis,
  keys,
  isReachable = () => redis.status === "ready",
  status,
  isFull,
}: CallbackProbeOptions): () => Promise<CallbackReadiness> {
  let last: { readonly at: number; readonly answer: Promise<CallbackReadiness> } | undefined;

  return () => {
    if (!last || performance.now() - last.at >= HOLDS_MS) last = { at: performance.now(), answer: look() };
    return last.answer;
  };

  async function look(): Promise<CallbackReadiness> {
    const found = await problemsNow();
    return { ready: found.length === 0, problems: found };
  }

  async function problemsNow() {
    // A command would wait for Redis' return.
    if (!isReachable()) return [problems.redis(refusalOf(redis) ?? redisTrouble("redis-away"))];
    if (isFull?.()) return [problems.redis(redisTrouble("redis-full"))];
    const looking = Promise.all([status(), ...keys.shards.map((shard) => tryToWrite(redis, shard))]);
    try {
      if (!(await settledBefore(looking, AbortSignal.timeout(PATIENCE_MS)))) return [problems.statusSlow()];
      const [callbacks] = await looking;
      return callbackProblems(callbacks);
    } catch (err) {
      const trouble = redisTroubleOf(err);
      return [trouble ? problems.redis(trouble) : problems.statusUnreadable()];
    }
  }
}
