import { read } from "./thrown.ts";

/** Shared by every copy of this package, since a handlers module may bring its own copy. */
const PERMANENT = Symbol.for("reliable-callback.permanent");
const RETRY_AFTER = Symbol.for("reliable-callback.retry-after");

export type RetryAfterOptions = ErrorOptions & { readonly usesAttempt?: boolean };

/** Thrown by a handler to park the event now, because another attempt cannot help. */
export class PermanentError extends Error {
  override readonly name: string = "PermanentError";
  static {
    Object.defineProperty(this.prototype, PERMANENT, { value: true });
  }
}

/**
 * Thrown by a handler to be tried again, but not before this many milliseconds. With `usesAttempt: false` the attempt
 * does not count, however often that happens.
 */
export class RetryAfterError extends Error {
  override readonly name: string = "RetryAfterError";
  readonly afterMs: number;
  static {
    Object.defineProperty(this.prototype, RETRY_AFTER, { value: true });
  }
  readonly usesAttempt: boolean;
  constructor(message: string, afterMs: number, options: RetryAfterOptions = {}) {
    super(message, options);
    this.afterMs = afterMs;
    this.usesAttempt = options.usesAttempt ?? true;
  }
}

export function isPermanent(thrown: unknown): boolean {
  return read(thrown, PERMANENT) === true;
}

/** Whether the handler only asked for more time. */
export function leavesAttempt(thrown: unknown): boolean {
  return read(thrown, RETRY_AFTER) === true && read(thrown, "usesAttempt") === false;
}

/** The pause that the handler asks for; 0 for none. */
export function askedPauseMs(thrown: unknown): number {
  const asked = read(thrown, RETRY_AFTER) === true ? read(thrown, "afterMs") : 0;
  return typeof asked === "number" && Number.isFinite(asked) ? asked : 0;
}

/**
 * The vendor refused a call, or gave no usable answer.
 * - `refused`: it understood the call and rejects its content (on a confirmation: at least one receipt)
 * - `limit`: too many calls; the call certainly had no effect
 * - `outage`: no usable answer; whether the call took effect is unknown
 * - `clock`: this machine's clock is wrong
 * - `configuration`: a person must change something; `fix` says what
 */
export class VendorError extends Error {
  override readonly name = "VendorError";
  readonly kind: "refused" | "limit" | "outage" | "clock" | "configuration";
  readonly fix: string | undefined;
  constructor(kind: VendorError["kind"], message: string, options?: ErrorOptions & { fix?: string }) {
    super(message, options);
    this.kind = kind;
    this.fix = options?.fix;
  }
}

/** A pushed call that is not genuine. The reason goes to our log only, never to the caller. */
export class ForgedError extends Error {
  override readonly name = "ForgedError";
}

/** Fewer replicas of Redis have the write than REDIS_WAIT_REPLICAS asks for. */
export class NotReplicatedError extends Error {
  override readonly name = "NotReplicatedError";
}

/** A dependency is not available. Trying again later may help, without a change of settings. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}

/** An operator's limit that cannot be enforced. The message says which limit can be. */
export class LimitError extends Error {
  override readonly name = "LimitError";
}
