import { hash, timingSafeEqual } from "node:crypto";

/** In constant time, and as hashes: the time taken tells neither where two secrets differ nor how long one is. */
export function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(hash("sha256", given, "buffer"), hash("sha256", expected, "buffer"));
}
