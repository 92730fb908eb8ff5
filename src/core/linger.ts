/**
 * How long a call waits for company. Waiting costs time, and a call costs quota. While much quota is left no call
 * waits. The more quota is used, the longer calls wait. So the calls of all replicas settle where both balance.
 */
import type { SourceTerms } from "./source.ts";

const LONGEST_LINGER_MS = 200;
/** Shares of the quota. Turns are given out at the pace of the second one: from there on they wait themselves. */
const PLENTY = 0.5;
const SCARCE = 0.9;
/** A batch that fills by itself so soon costs few calls and little time; one that takes longer is not waited for. */
const FILLS_SOON_MS = 40;

/** `used`: share of the quota. */
export function quotaLingerMs(used: number, longestMs = LONGEST_LINGER_MS): number {
  return longestMs * Math.min(1, Math.max(0, (used - PLENTY) / (SCARCE - PLENTY)));
}

/** `perSecond`: how many receipts come. */
export function batchLingerMs(
  { batchSize, billsCalls }: Pick<SourceTerms, "batchSize" | "billsCalls">,
  used: number,
  perSecond: number,
  longestMs = LONGEST_LINGER_MS,
): number {
  if (billsCalls) return longestMs;
  const fillsInMs = (1_000 * batchSize) / perSecond;
  // Twice the time it should take, since receipts come in bursts. Towards the end less, so that there is no step.
  const fillingMs = 2 * Math.min(fillsInMs, Math.max(0, FILLS_SOON_MS - fillsInMs));
  return Math.max(quotaLingerMs(used, longestMs), Math.min(fillingMs, longestMs));
}
