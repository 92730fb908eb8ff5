import { VendorError } from "./errors.ts";
import { messageOf } from "./failure.ts";
import { groupOf } from "./failure-group.ts";
import { type RedisTrouble, redisTroubleOf } from "./redis-trouble.ts";

/** The reason why calls fail at the moment: calls to a vendor, or to Redis beside them. */
export type Trouble = {
  readonly message: string;
  readonly fix?: string;
  readonly since: Date;
  /** Set if the cause is Redis and not the vendor. */
  readonly redis?: RedisTrouble;
};

/** A trouble that continues keeps its start time, even if its message changes. */
export function troubleOf(err: unknown, before: Trouble | undefined): Trouble {
  const redis = redisTroubleOf(err);
  const message = redis?.fact ?? messageOf(err);
  if (before && isSame(before.message, message)) return before;
  if (redis) return { message, fix: redis.fix, redis, since: sinceOf(before, true) };
  const fix = err instanceof VendorError && err.fix ? { fix: err.fix } : {};
  return { message, ...fix, since: sinceOf(before, false) };
}

/** A problem of Redis and one of the vendor count separately. */
function sinceOf(before: Trouble | undefined, isRedis: boolean): Date {
  return before && (before.redis !== undefined) === isRedis ? before.since : new Date();
}

/** Ignores numbers, because vendors put times and counts into messages. */
export function isSame(message: string, other: string): boolean {
  return groupOf(message) === groupOf(other);
}

/** Whether a retry cannot help. */
export function needsPerson(err: unknown): boolean {
  return err instanceof VendorError && (err.kind === "configuration" || err.kind === "clock");
}
