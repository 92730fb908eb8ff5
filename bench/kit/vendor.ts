/** The simulated vendor, as the rows ask for it. */
import { z } from "zod";
import type { Part } from "./part.ts";
import { Seen, VendorEnv } from "./replies.ts";

/** So long is an event hidden after it was delivered, unless a row says otherwise: longer than most rows take. */
const WINDOW_MS = 30_000;

export type VendorTerms = {
  readonly door?: "tencent-vod" | "aws-sqs";
  readonly windowMs?: number;
  /** As many confirmed events as it remembers. */
  readonly historyLimit: number;
  /** A call takes so long. */
  readonly callMs?: number;
  /** It refuses calls beyond so many a second; 0 is no limit. */
  readonly callsPerSecond?: number;
};

/** Resolves with the settings with which a worker takes its events. */
export function startVendor(simulator: Part, terms: VendorTerms): Promise<VendorEnv> {
  return simulator.ask("start", { windowMs: WINDOW_MS, ...terms }, VendorEnv);
}

/** For a measurement of a backlog: code is compiled, and the first garbage collected. */
export const WARM_UP = 1_000;

/** Sends so many events through before the count begins: code is compiled by then, and connections are open. */
export async function sendAhead(simulator: Part, events: number): Promise<void> {
  await publishAll(simulator, events);
  await simulator.ask("forget", undefined, z.undefined());
}

/** Publishes so many at once, and waits until the last is confirmed. */
export async function publishAll(simulator: Part, events: number): Promise<Seen> {
  await simulator.ask("publish", events, z.undefined());
  return await simulator.ask("allConfirmed", undefined, Seen);
}
