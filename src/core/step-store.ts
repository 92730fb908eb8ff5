import type { EventRef } from "./event.ts";

export const STEP_LIMITS = {
  /** The most steps of an event. */
  steps: 32,
  /** The most bytes of one result, as JSON. */
  resultBytes: 64 * 1024,
  /** The most bytes of all results of an event. */
  totalBytes: 256 * 1024,
  nameLength: 100,
} as const;

/** A claim that is not renewed for this long is free again. */
export const CLAIM_MS = 10_000;

/** One step of one attempt. `token`: the attempt's own. */
export type StepRef = { readonly event: EventRef; readonly name: string; readonly token: string };

/**
 * The answer to an attempt that wants to run a step.
 * - `kept`: the step succeeded before, with this result
 * - `claimed`: this attempt may run it
 * - `busy`: another attempt runs it
 * - `full`: the event has too many steps
 * - `over`: the event was handled or given up
 * - `lost`: Redis lost the event while it ran, so nothing can be kept
 */
type StepClaim =
  | { readonly kind: "kept"; readonly result: string }
  | { readonly kind: "busy"; readonly askAgainMs: number }
  | { readonly kind: "claimed" | "full" | "over" | "lost" };

/** Keeps the results of steps, from the first attempt that needs them to the last. */
export interface StepStore {
  /** `ranForMs`: how long the attempt has been under way. */
  claim(step: StepRef, ranForMs: number): Promise<StepClaim>;
  /** Renews the claim while the attempt runs. */
  renew(step: StepRef): Promise<void>;
  /**
   * Keeps the result. `refused`: the claim is gone, or belongs to another attempt. `full`: the event's results would be
   * too large.
   */
  store(step: StepRef, result: string): Promise<"stored" | "refused" | "full">;
  /** Frees the claim of a failed step, so that the next attempt need not wait. */
  release(step: StepRef): Promise<void>;
}
