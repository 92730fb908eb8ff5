/** Steps without Redis. Tests of handlers keep them for one run; tests of the worker use them too. */
import { CLAIM_MS, STEP_LIMITS, type StepRef, type StepStore } from "./step-store.ts";

type Kept =
  | { readonly kind: "claimed"; readonly token: string; readonly renewedAt: number }
  | { readonly kind: "kept"; readonly result: string };

type MemoryStepsOptions = {
  readonly now?: () => number;
  /** Whether a run of the event may still need its steps. */
  readonly standing?: (step: StepRef, ranForMs: number) => "open" | "over" | "lost";
};

export type MemorySteps = StepStore & {
  /** The ids of events that have steps. */
  ids(): readonly string[];
  drop(id: string): void;
  clear(): void;
};

/** Keeps the first answer, because a live claim is asked for repeatedly. */
const ASK_AGAIN_MS = 1_000;

export function createMemorySteps({
  now = () => performance.now(),
  standing = () => "open",
}: MemoryStepsOptions = {}): MemorySteps {
  const events = new Map<string, Map<string, Kept>>();

  return {
    async claim(step, ranForMs) {
      const state = standing(step, ranForMs);
      if (state !== "open") return { kind: state };
      const steps = events.get(step.event.id) ?? new Map<string, Kept>();
      const known = steps.get(step.name);
      if (known?.kind === "kept") return known;
      const silentMs = known ? Math.abs(now() - known.renewedAt) : Infinity;
      if (known?.token !== step.token && silentMs < CLAIM_MS)
        return { kind: "busy", askAgainMs: Math.min(CLAIM_MS - silentMs, ASK_AGAIN_MS) };
      if (!known && steps.size >= STEP_LIMITS.steps) return { kind: "full" };
      events.set(step.event.id, steps.set(step.name, claimedBy(step)));
      return { kind: "claimed" };
    },

    async renew(step) {
      if (isClaimed(step)) events.get(step.event.id)?.set(step.name, claimedBy(step));
    },

    async store(step, result) {
      const steps = events.get(step.event.id);
      if (!steps || !isClaimed(step) || standing(step, 0) !== "open") return "refused";
      if (sizeOf(steps) + Buffer.byteLength(result) > STEP_LIMITS.totalBytes) return "full";
      steps.set(step.name, { kind: "kept", result });
      return "stored";
    },

    async release(step) {
      if (isClaimed(step)) events.get(step.event.id)?.delete(step.name);
    },

    ids: () => [...events.keys()],
    drop: (id) => void events.delete(id),
    clear: () => events.clear(),
  };

  function claimedBy({ token }: StepRef): Kept {
    return { kind: "claimed", token, renewedAt: now() };
  }

  function isClaimed({ event, name, token }: StepRef): boolean {
    const known = events.get(event.id)?.get(name);
    return known?.kind === "claimed" && known.token === token;
  }
}

function sizeOf(steps: ReadonlyMap<string, Kept>): number {
  return [...steps.values()].reduce((sum, one) => sum + (one.kind === "kept" ? Buffer.byteLength(one.result) : 0), 0);
}
