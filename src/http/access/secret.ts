import { createHash, timingSafeEqual } from "node:crypto";

/** In constant time, and as hashes: the time taken tells neither where two secrets differ nor how long one is. */
export function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
