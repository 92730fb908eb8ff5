import { VendorError } from "./errors.ts";
import { messageOf } from "./failure.ts";
import type { ProblemCode } from "./problems.ts";

export type Finding = {
  readonly level: "ok" | "warn" | "error";
  /** The fact, in one sentence. */
  readonly fact: string;
  /** How to fix it. */
  readonly fix?: string;
  /** The code of the problem, if the finding is an error. */
  readonly code?: ProblemCode;
};

export function isError({ level }: Finding): boolean {
  return level === "error";
}

/**
 * A finding for a failed check of a vendor. Pulling may still work: the check may lack a permission, or the vendor may
 * be unreachable for a short time.
 */
export function findingOf(err: unknown, mayNotLook: (err: VendorError) => boolean): Finding {
  const fact = messageOf(err);
  if (!(err instanceof VendorError)) return { level: "warn", fact };
  const isFatal = err.kind === "clock" || (err.kind === "configuration" && !mayNotLook(err));
  return { level: isFatal ? "error" : "warn", fact, ...(err.fix !== undefined && { fix: err.fix }) };
}
