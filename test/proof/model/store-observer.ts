import type { Chronicle } from "./chronicle.ts";
import type { LimitWatch } from "./limit-watch.ts";
import type { Reference } from "./reference.ts";
import type { StepReference } from "./step-reference.ts";
import type { Seen } from "./store.ts";
import { SOURCE } from "./world.ts";

type Options = {
  readonly reference: Reference;
  readonly steps: StepReference;
  readonly limits: Pick<LimitWatch, "takenIn" | "entered" | "left" | "over" | "touched">;
  readonly trace: Chronicle["trace"];
  readonly now: () => number;
  /** Makes the replicas look for jobs. */
  readonly wake: () => void;
};

const LONGEST_CALL_MS = 5_000;
/** A confirmation is over after this time. */
const IN_TIME_MS = SOURCE.windowMs + LONGEST_CALL_MS;

/** Tells the reference about every call to the store, at the moment when it takes effect. */
export function createStoreObserver({ reference, steps, limits, trace, now, wake }: Options): Seen {
  const overAt = new Map<string, number>();
  return {
    accepted(deliveries, { name }) {
      trace(`${name} accepts ${deliveries.map(({ receipt, verdict }) => `${receipt}: ${verdict}`).join(", ")}`);
      const added = deliveries.filter(({ verdict }) => verdict === "add");
      for (const { id, fingerprint } of added) {
        reference.wanted(id, fingerprint);
        limits.takenIn(id, fingerprint);
      }
      if (added.length > 0) wake();
      for (const { receipt, verdict } of deliveries) if (verdict !== "skip") overAt.set(receipt, now() + IN_TIME_MS);
    },
    extended(receipt, windowMs) {
      trace(`${receipt} prolongs for ${windowMs} ms`);
      overAt.set(receipt, now() + windowMs + LONGEST_CALL_MS);
    },
    quiet(count) {
      if (count === 0) return;
      trace(`${count} did not return`);
      reference.forgot();
    },
    marked(event, ran, stored, link) {
      trace(`${link.name} marks ${event.id}: ${ran ? "handled" : "given up"}${stored ? "" : ", not stored"}`);
      reference.marked(event, ran, stored, link);
      if (ran) steps.over(event.id);
      limits.over(event.id, "succeeded");
    },
    noted(event, link) {
      trace(`${link.name} notes that ${event.id} succeeded`);
      reference.noted(event, link);
    },
    ended(event, { name }) {
      trace(`${name} ends ${event.id}`);
      reference.ended(event);
      limits.touched(event.id);
    },
    discarded(event, outcome, link) {
      trace(`${link.name} discards ${event.id}: ${outcome}`);
      if (outcome === "given up") reference.marked(event, false, true, link);
      if (outcome !== "none") reference.discarded(event);
      if (outcome !== "none") steps.over(event.id);
      limits.touched(event.id);
    },
    answered(confirmation, outcome, before, after) {
      if (after === "dead" && before === "due") {
        trace(`${confirmation.receipt} is taken for dead`);
        reference.takenForDead(confirmation, confirmation.receipt);
      }
      // A refusal can also settle the confirmation.
      if (after !== "over" || (outcome === "dead" && before === "over")) return;
      const late = now() > (overAt.get(confirmation.receipt) ?? 0);
      trace(`${confirmation.receipt} is settled${late ? ", too late" : ""}`);
      reference.settled(confirmation, confirmation.receipt, late);
    },
    stepKept(id, step, result) {
      trace(`${result} of ${step} of ${id} is kept`);
      steps.kept(id, step, result);
    },
    entered: (...entry) => limits.entered(...entry),
    left: (...end) => limits.left(...end),
    jobs: wake,
  };
}
