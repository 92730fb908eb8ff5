import { hash, timingSafeEqual } from "node:crypto";

/** Compares hashes in constant time, so the time reveals neither the first difference nor the length. */
export function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(hash("sha256", given, "buffer"), hash("sha256", expected, "buffer"));
}
