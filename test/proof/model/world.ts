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

/** What all replicas of a schedule share. */
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
  /** What becomes of the next call of this name. */
  storeMishap(call: StoreCall): StoreMishap | undefined;
  vendorMishap(call: VendorCall): VendorMishap | undefined;
  /** Those that live. */
  readonly replicas: readonly Replica[];
  /** Until when the vendor is away, refuses, shows nothing and does not wait, or answers who asked before the clock jumped. */
  readonly vendorIs: { outage: number; limit: number; hasty: number; askedBefore: number };
  /** How the next handler ends. */
  nextRun(): Schedule["runs"][number];
  /** Whether the sink takes the next event. */
  nextSink(): boolean;
  /** Resolves when the store is not away. */
  storeBack(): Promise<void>;
  /** Something that is to be counted happened. */
  met(what: string): void;
  trace(text: string): void;
  violated(what: string): void;
  /** The store goes away for so long; what is under way with it waits. */
  storeGoes(ms: number): void;
};

/** What a process that died waits for. */
export function never<T>(): Promise<T> {
  return new Promise(() => {});
}
