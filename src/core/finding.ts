export type Finding = {
  readonly level: "ok" | "warn" | "error";
  /** What is so, in one sentence. */
  readonly fact: string;
  /** What to do about it. */
  readonly fix?: string;
};
