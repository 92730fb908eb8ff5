/** How long a queue keeps its messages: a setting of the vendor's that a worker learns, and that may be changed under it. */
export type Retention = {
  readonly ms: number;
  /** Events that are there may still live by a longer setting of before. */
  readonly longestMs: number;
  learn(ms: number): void;
};

/** Until it is learned, it is the vendor's default, and may be the longest that the vendor allows. */
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
