import { onTestFinished, vi } from "vitest";

/** Until the test ends, time passes only when it is told to: timers, dates and the monotonic clock alike. */
export function useFakeClock(): void {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
}

export const pass = async (ms: number): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));

/** How a promise stands without waiting for it. */
export async function standing(promise: Promise<unknown>): Promise<"pending" | "resolved" | "rejected"> {
  let known: "pending" | "resolved" | "rejected" = "pending";
  void promise.then(
    () => (known = "resolved"),
    () => (known = "rejected"),
  );
  await pass(0);
  return known;
}
