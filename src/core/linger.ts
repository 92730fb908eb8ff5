/**
 * How long a call waits to be filled. Waiting costs time, and each call costs quota. While much quota is left no call
 * waits. The more quota is used, the longer calls wait. So the calls of all replicas settle where both costs balance.
 */
import type { SourceTerms } from "./source.ts";

const LONGEST_LINGER_MS = 200;
/** Shares of the quota. Close to all of it a turn itself has to wait. */
const PLENTY = 0.5;
const SCARCE = 0.9;
/** A batch that fills this fast costs few calls and little time. A slower one is not waited for. */
const FILLS_SOON_MS = 40;

/** `used`: share of the quota. */
export function quotaLingerMs(used: number, longestMs = LONGEST_LINGER_MS): number {
  return longestMs * Math.min(1, Math.max(0, (used - PLENTY) / (SCARCE - PLENTY)));
}

/** `perSecond`: the number of receipts that arrive. */
export function batchLingerMs(
  { batchSize, billsCalls }: Pick<SourceTerms, "batchSize" | "billsCalls">,
  used: number,
  perSecond: number,
  longestMs = LONGEST_LINGER_MS,
): number {
  if (billsCalls) return longestMs;
  const fillsInMs = (1_000 * batchSize) / perSecond;
  // Twice the expected time, since receipts come in bursts. It shrinks towards the end, so that there is no step.
  const fillingMs = 2 * Math.min(fillsInMs, Math.max(0, FILLS_SOON_MS - fillsInMs));
  return Math.max(quotaLingerMs(used, longestMs), Math.min(fillingMs, longestMs));
}
