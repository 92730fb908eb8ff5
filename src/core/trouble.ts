import { VendorError } from "./errors.ts";
import { messageOf } from "./failure.ts";
import { groupOf } from "./failure-group.ts";
import { type RedisTrouble, redisTroubleOf } from "./redis-trouble.ts";

/** Why calls fail at the moment: those to a vendor, or to Redis around them. */
export type Trouble = {
  readonly message: string;
  readonly fix?: string;
  readonly since: Date;
  /** There if it is Redis' and not the vendor's. */
  readonly redis?: RedisTrouble;
};

/** Trouble that goes on, even if it changes its face, keeps its beginning. */
export function troubleOf(err: unknown, before: Trouble | undefined): Trouble {
  const redis = redisTroubleOf(err);
  const message = redis?.fact ?? messageOf(err);
  if (before && isSame(before.message, message)) return before;
  if (redis) return { message, fix: redis.fix, redis, since: sinceOf(before, true) };
  const fix = err instanceof VendorError && err.fix ? { fix: err.fix } : {};
  return { message, ...fix, since: sinceOf(before, false) };
}

/** One of Redis' and one of the vendor's are two. */
function sinceOf(before: Trouble | undefined, isRedis: boolean): Date {
  return before && (before.redis !== undefined) === isRedis ? before.since : new Date();
}

/** Vendors put their clock's time and their counts into messages: these differ at each try. */
export function isSame(message: string, other: string): boolean {
  return groupOf(message) === groupOf(other);
}

/** Trying again does not mend it. */
export function needsPerson(err: unknown): boolean {
  return err instanceof VendorError && (err.kind === "configuration" || err.kind === "clock");
}
