import { onTestFinished, vi } from "vitest";

/** Time moves only when the test moves it, until the test ends. This covers timers, dates and the monotonic clock. */
export function useFakeClock(): void {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
}

export const pass = async (ms: number): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));

/** The state of a promise, without waiting for it to settle. */
export async function standing(promise: Promise<unknown>): Promise<"pending" | "resolved" | "rejected"> {
  let known: "pending" | "resolved" | "rejected" = "pending";
  void promise.then(
    () => (known = "resolved"),
    () => (known = "rejected"),
  );
  await pass(0);
  return known;
}
