/** The memory that one call holds until its events are stored. */
export type Place = {
  /** Sets the number of bytes that the call holds. False if there is no room: then the number stays as it was. */
  hold(bytes: number): boolean;
  leave(): void;
};

/** Counts the calls in hand, and the bytes that all of them hold. */
export function createInHand({ maxCalls, maxBytes }: { readonly maxCalls: number; readonly maxBytes: number }) {
  let calls = 0;
  let bytes = 0;

  return {
    /** Undefined if too many calls are in hand. */
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
