import type { Counter } from "./counter.ts";
import type { StoreMishap, VendorMishap } from "./schedule.ts";

/** Finds the mishap of each call, when that call is made. */
export function findMishap<Of extends StoreMishap | VendorMishap>(
  mishaps: readonly Of[],
  { chaos, calls, met }: { readonly chaos: () => boolean; readonly calls: Counter; readonly met: Counter },
): (call: Of["call"]) => Of | undefined {
  const known = new Map(mishaps.map((one) => [`${one.call} ${one.nth}`, one]));
  return (call) => {
    if (!chaos()) return undefined;
    const one = known.get(`${call} ${calls.of(call)}`);
    calls.add(call);
    if (one) met.add(`${call} ${one.fate}`);
    return one;
  };
}
