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
