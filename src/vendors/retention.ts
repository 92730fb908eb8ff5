/** How long a queue keeps its messages. The worker learns it from the vendor, and it may change at any time. */
export type Retention = {
  readonly ms: number;
  /** Events from before a change may still live by the longer, earlier setting. */
  readonly longestMs: number;
  learn(ms: number): void;
};

/** Until it is known: the vendor's default, with the vendor's maximum as the longest. */
export function createRetention(defaultMs: number, allowedMs: number): Retention {
  let ms = defaultMs;
  let learnedMs: number | undefined;
  return {
    get ms() {
      return ms;
    },
    get longestMs() {
      return learnedMs ?? allowedMs;
    },
    learn(told) {
      ms = told;
      learnedMs = Math.max(learnedMs ?? 0, told);
    },
  };
}
