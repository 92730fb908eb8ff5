import { VendorError } from "../../core/errors.ts";
import { messageOf } from "../../core/failure.ts";
import { type Finding, isError } from "../../core/finding.ts";
import type { Delivery, Source } from "../../core/source.ts";

/** The events that a look at one source saw. */
export type Look = {
  readonly source: Pick<Source, "name" | "vendor" | "windowMs">;
  readonly findings: readonly Finding[];
  readonly deliveries: readonly Delivery[];
  /** The reason for the end: no more events, the limit was reached, wrong settings, or a failed call. */
  readonly ended: "empty" | "enough" | "cut";
};

const MOST_EVENTS = 200;
const MOST_MS = 15_000;

/**
 * Checks the settings, asks for the count, then pulls. Never rejects: a failure becomes a finding. Confirms nothing.
 */
export async function look(source: Source, signal: AbortSignal): Promise<Look> {
  const findings = [...(await source.check(signal)), ...(await countAt(source, signal))];
  const deliveries: Delivery[] = [];
  return { source, findings, deliveries, ended: findings.some(isError) ? "cut" : await pullAll() };

  async function pullAll(): Promise<Look["ended"]> {
    // Half a window, so that no event returns while we look and is counted twice.
    const end = performance.now() + Math.min(MOST_MS, source.windowMs / 2);
    try {
      while (deliveries.length < MOST_EVENTS && performance.now() < end) {
        const pulled = await source.pull(source.batchSize, signal);
        if (pulled.deliveries.length === 0) return "empty";
        deliveries.push(...pulled.deliveries);
      }
      return "enough";
    } catch (err) {
      if (!signal.aborted) findings.push(findingOf(err));
      return "cut";
    }
  }
}

/** If counting fails, `check` has already reported why. */
async function countAt(source: Source, signal: AbortSignal): Promise<Finding[]> {
  const count = await source.backlog?.(signal).catch(() => undefined);
  return count === undefined ? [] : [{ level: "ok", fact: `the vendor's own count, minutes old: ${count} to pull` }];
}

function findingOf(err: unknown): Finding {
  return {
    level: "error",
    fact: messageOf(err),
    ...(err instanceof VendorError && err.fix !== undefined && { fix: err.fix }),
  };
}
