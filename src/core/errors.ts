import { read } from "./thrown.ts";

/** Known to every copy of this package: a handlers module may bring one of its own. */
const PERMANENT = Symbol.for("reliable-callback.permanent");
const RETRY_AFTER = Symbol.for("reliable-callback.retry-after");

export type RetryAfterOptions = ErrorOptions & { readonly usesAttempt?: boolean };

/** Thrown by a handler: trying again cannot help, park the event now. */
export class PermanentError extends Error {
  override readonly name: string = "PermanentError";
  static {
    Object.defineProperty(this.prototype, PERMANENT, { value: true });
  }
}

/**
 * Thrown by a handler: try again, but not before this many milliseconds. With `usesAttempt: false` the attempt does not
 * count, as often as that may be.
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

/** Whether the handler only asks for time. */
export function leavesAttempt(thrown: unknown): boolean {
  return read(thrown, RETRY_AFTER) === true && read(thrown, "usesAttempt") === false;
}

/** 0 if the handler asks for no pause. */
export function askedPauseMs(thrown: unknown): number {
  const asked = read(thrown, RETRY_AFTER) === true ? read(thrown, "afterMs") : 0;
  return typeof asked === "number" && Number.isFinite(asked) ? asked : 0;
}

/**
 * The vendor said no, or nothing.
 * - `refused`: it read the call and rejects what is in it (on a confirmation: at least one receipt)
 * - `limit`: too many calls; certainly without effect
 * - `outage`: no usable answer; whether the call took effect is unknown
 * - `clock`: this machine's clock is off
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

/** A pushed call that is not genuine. The reason is for our log; the caller never learns it. */
export class ForgedError extends Error {
  override readonly name = "ForgedError";
}

/** Fewer replicas of Redis have what was written than REDIS_WAIT_REPLICAS asks for. */
export class NotReplicatedError extends Error {
  override readonly name = "NotReplicatedError";
}

/** Something that we depend on is not available. Trying again later may help, without a change of settings. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}
