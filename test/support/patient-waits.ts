import { vi } from "vitest";

const LIMIT_MS = 30_000;
const { waitFor, waitUntil } = vi;

/**
 * A wait ends as soon as its fact is there, so its limit may be generous. Vitest's own is one second, which a busy
 * machine exceeds.
 */
export function waitPatiently(): void {
  vi.waitFor = (callback, options) => waitFor(callback, patient(options));
  vi.waitUntil = (callback, options) => waitUntil(callback, patient(options));
}

type Options = Parameters<typeof waitFor>[1];

function patient(options: Options): Options {
  return typeof options === "number" ? options : { timeout: LIMIT_MS, ...options };
}
