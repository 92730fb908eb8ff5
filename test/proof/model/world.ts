import type { SourceTerms } from "../../../src/core/source.ts";
import type { Dice } from "../../support/dice.ts";
import type { LimitWatch } from "./limit-watch.ts";
import type { Reference } from "./reference.ts";
import type { StepReference } from "./step-reference.ts";
import type { Replica } from "./replica.ts";
import type { Schedule, StoreCall, StoreMishap, VendorCall, VendorMishap } from "./schedule.ts";
import type { ModelStore } from "./store.ts";
import type { ModelVendor } from "./vendor.ts";

export const SOURCE: SourceTerms = {
  name: "tencent-vod",
  vendor: "tencent-vod",
  windowMs: 30_000,
  retentionMs: 4 * 24 * 3_600_000,
  batchSize: 16,
  fills: true,
  maxCallsPerSecond: 100,
};

/** The state that all replicas of a schedule share. */
export type World = {
  readonly schedule: Schedule;
  readonly dice: Dice;
  readonly vendor: ModelVendor;
  readonly store: ModelStore;
  readonly reference: Reference;
  readonly limits: LimitWatch;
  readonly steps: StepReference;
  /** Whether things still go wrong. */
  chaos(): boolean;
  /** The mishap of the next call with this name. */
  storeMishap(call: StoreCall): StoreMishap | undefined;
  vendorMishap(call: VendorCall): VendorMishap | undefined;
  /** The replicas that are alive. */
  readonly replicas: readonly Replica[];
  /**
   * The end of each of the vendor's states: away, refusing calls, showing nothing without waiting, and answering pulls
   * from before the clock jumped.
   */
  readonly vendorIs: { outage: number; limit: number; hasty: number; askedBefore: number };
  /** The outcome of the next handler run. */
  nextRun(): Schedule["runs"][number];
  /** Whether the sink takes the next event. */
  nextSink(): boolean;
  /** Resolves when the store is reachable. */
  storeBack(): Promise<void>;
  /** Counts something that happened. */
  met(what: string): void;
  trace(text: string): void;
  violated(what: string): void;
  /** The store goes away for `ms`. Calls that are under way wait. */
  storeGoes(ms: number): void;
};

/** The promise that a dead process waits for. */
export function never<T>(): Promise<T> {
  return new Promise(() => {});
}
