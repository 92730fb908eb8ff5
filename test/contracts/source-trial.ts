/** The setup of the source contract, and its shared helpers. */
import { VendorError } from "../../src/core/errors.ts";
import type { Delivery, Source } from "../../src/core/source.ts";

type SourceTrial = {
  readonly source: Source;
  /** A source for another queue of the same account. */
  readonly other: Source;
  readonly vendor: {
    /** Publishes one event per content. The same content makes the same body. */
    publish(contents: readonly string[], queue?: "source" | "other"): void;
    /** The number of pulls that the vendor received. */
    pulls(): number;
    /** The number of events that were confirmed. */
    confirmed(): number;
    failNext(action: "pull" | "confirm", kind: VendorError["kind"]): void;
    /** Makes the vendor unreachable. */
    vanish(): Promise<void>;
  };
  /** Secrets that may never appear in a message. */
  readonly secrets: readonly string[];
};

type VendorTimes = {
  /** The time that a delivery's receipt is valid. */
  readonly windowMs: number;
  /** The time that an empty queue holds a pull open. */
  readonly longPollMs: number;
};

/** New for each test, and cleaned up by `onTestFinished`. An empty answer after 1 s or more counts as `waited`. */
export type SourceSetup = (times: VendorTimes) => Promise<SourceTrial>;

export const CALM: VendorTimes = { windowMs: 30_000, longPollMs: 5_000 };

export async function pullUntil(source: Source, count: number): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  while (deliveries.length < count) deliveries.push(...(await source.pull(16)).deliveries);
  return deliveries;
}

/** The refused receipts. Some vendors name each of them, others refuse the whole call. */
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
