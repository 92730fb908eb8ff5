/** The simulated vendor, with the calls that the rows need. */
import { z } from "zod";
import type { Part } from "./part.ts";
import { Seen, VendorEnv } from "./replies.ts";

/** The default window: a delivered event stays hidden this long. It is longer than most rows take. */
const WINDOW_MS = 30_000;

export type VendorTerms = {
  readonly door?: "tencent-vod" | "aws-sqs";
  readonly windowMs?: number;
  /** The number of confirmed events that the vendor remembers. */
  readonly historyLimit: number;
  readonly callMs?: number;
  /** Applications of the account, each a source of its own. Events go to them in turn. */
  readonly subAppIds?: readonly number[];
  /** The vendor refuses calls beyond this rate. 0 means no limit. */
  readonly callsPerSecond?: number;
};

/** Resolves with the settings that a worker needs to receive the events. */
export function startVendor(simulator: Part, terms: VendorTerms): Promise<VendorEnv> {
  return simulator.ask("start", { windowMs: WINDOW_MS, ...terms }, VendorEnv);
}

/** Warm-up events before a backlog is measured. They let code be compiled and the first garbage be collected. */
export const WARM_UP = 1_000;

/** Sends these events through before the count begins, so that code is compiled and connections are open. */
export async function sendAhead(simulator: Part, events: number): Promise<void> {
  await publishAll(simulator, events);
  await simulator.ask("forget", undefined, z.undefined());
}

/** Publishes the events at once, and waits until the last one is confirmed. */
export async function publishAll(simulator: Part, events: number): Promise<Seen> {
  await simulator.ask("publish", events, z.undefined());
  return await simulator.ask("allConfirmed", undefined, Seen);
}
