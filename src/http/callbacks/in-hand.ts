/** What one call may keep in memory until its events are stored. */
export type Place = {
  /** Says how many bytes the call holds from now on. False if there is no room for them: then it holds as many as before. */
  hold(bytes: number): boolean;
  leave(): void;
};

/** Counts the calls in hand, and the bytes that all of them hold. */
export function createInHand({ maxCalls, maxBytes }: { readonly maxCalls: number; readonly maxBytes: number }) {
  let calls = 0;
  let bytes = 0;

  return {
    /** Undefined while there are too many. */
    take(): Place | undefined {
      if (calls >= maxCalls) return undefined;
      calls += 1;
      let held = 0;
      return {
        hold(wanted) {
          const total = bytes - held + wanted;
          if (total > maxBytes && wanted > held) return false;
          bytes = total;
          held = wanted;
          return true;
        },
        leave() {
          bytes -= held;
          held = 0;
          calls -= 1;
        },
      };
    },
  };
}
