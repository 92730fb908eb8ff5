import { z } from "zod";
import type { Part } from "./part.ts";
import { Seen } from "./replies.ts";

/** Sends so many events through before the count begins: code is compiled by then, and connections are open. */
export async function sendAhead(simulator: Part, events: number): Promise<void> {
  await simulator.ask("publish", events, z.undefined());
  await simulator.ask("allConfirmed", undefined, Seen);
  await simulator.ask("forget", undefined, z.undefined());
}
