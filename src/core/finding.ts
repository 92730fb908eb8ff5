import { VendorError } from "./errors.ts";
import { messageOf } from "./failure.ts";
import type { ProblemCode } from "./problems.ts";

export type Finding = {
  readonly level: "ok" | "warn" | "error";
  /** What is so, in one sentence. */
  readonly fact: string;
  /** What to do about it. */
  readonly fix?: string;
  /** Of the problem that an error is. */
  readonly code?: ProblemCode;
};

export function isError({ level }: Finding): boolean {
  return level === "error";
}

/**
 * Of a look at a vendor that failed. A missing right to look, or a vendor out of reach, does not yet mean that pulling
 * fails.
 */
export function findingOf(err: unknown, mayNotLook: (err: VendorError) => boolean): Finding {
  const fact = messageOf(err);
  if (!(err instanceof VendorError)) return { level: "warn", fact };
  const isFatal = err.kind === "clock" || (err.kind === "configuration" && !mayNotLook(err));
  return { level: isFatal ? "error" : "warn", fact, ...(err.fix !== undefined && { fix: err.fix }) };
}
