/** What a source is tried on, and what the tries have in common. */
import { VendorError } from "../../src/core/errors.ts";
import type { Delivery, Source } from "../../src/core/source.ts";

type SourceTrial = {
  readonly source: Source;
  /** Asks another queue of the same account. */
  readonly other: Source;
  readonly vendor: {
    /** One event per content; the same content makes the same body. */
    publish(contents: readonly string[], queue?: "source" | "other"): void;
    /** How many pulls it has received. */
    pulls(): number;
    /** How many events were confirmed. */
    confirmed(): number;
    failNext(action: "pull" | "confirm", kind: VendorError["kind"]): void;
    /** Is out of reach from now on. */
    vanish(): Promise<void>;
  };
  /** What must never be in a message. */
  readonly secrets: readonly string[];
};

type VendorTimes = {
  /** How long a delivery's receipt is good. */
  readonly windowMs: number;
  /** How long an empty queue holds a pull. */
  readonly longPollMs: number;
};

/** Fresh for each test; cleans up by `onTestFinished`. The source counts an empty answer after 1 s or more as waited for. */
export type SourceSetup = (times: VendorTimes) => Promise<SourceTrial>;

export const CALM: VendorTimes = { windowMs: 30_000, longPollMs: 5_000 };

export async function pullUntil(source: Source, count: number): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  while (deliveries.length < count) deliveries.push(...(await source.pull(16)).deliveries);
  return deliveries;
}

/** A vendor that answers per receipt names them; one that does not refuses the call. */
export async function refusedOf(source: Source, receipts: readonly string[]): Promise<readonly string[]> {
  try {
    return (await source.confirm(receipts)).refused;
  } catch (err) {
    if (err instanceof VendorError && err.kind === "refused") return receipts;
    throw err;
  }
}

export async function failureOf(call: Promise<unknown>): Promise<VendorError> {
  const err: unknown = await call.then(
    () => "no failure",
    (thrown: unknown) => thrown,
  );
  if (err instanceof VendorError) return err;
  throw new Error(`not a VendorError: ${String(err)}`, { cause: err });
}
