/** The number of calls to the vendor at one event a second, and without events. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Part } from "../kit/part.ts";
import { CallCounts, Seen, type VendorEnv } from "../kit/replies.ts";
import { createRow } from "../kit/row.ts";
import { cell, type Row, tableOf } from "../kit/table.ts";
import { sendAhead, startVendor } from "../kit/vendor.ts";
import { inNewWorld } from "../kit/world.ts";

const IDLE_MS = 5_000;

export const calls = createRow({
  measure: ({ options: { callsS: seconds, concurrency }, step }) =>
    step("calls: worker and loop", async (signal): Promise<Both> => {
      const of = { seconds, concurrency };
      const [worker, loop] = await Promise.all([workerCalls(of, signal), loopCalls(of, signal)]);
      return { worker, loop };
    }),
  figures: ({ worker }) => [
    ["confirm calls per event at 1/s", "lower", [worker.confirmsPerEvent]],
    ["pulls per 5 s, idle", "lower", [worker.pullsIdle]],
  ],
  sections: (both, { callsS }) => [
    { title: `1 event/s for ${callsS} s, then none, both at the same time`, table: reportOf(both) },
  ],
});

type CallsOptions = { readonly seconds: number; readonly concurrency: number };

type Calls = {
  readonly pullsPerEvent: number;
  readonly confirmsPerEvent: number;
  /** Pulls in five seconds without events. */
  readonly pullsIdle: number;
};

type Both = { readonly worker: Calls; readonly loop: Calls };

function workerCalls({ seconds, concurrency }: CallsOptions, signal: AbortSignal): Promise<Calls> {
  return inNewWorld(async ({ redisUrl, part }) => {
    const [simulator, worker] = [part("simulator"), part("worker")];
    const env = await openVendor(simulator, seconds);
    await worker.ask("start", { redisUrl, env, concurrency }, z.undefined());
    return await measure(simulator, seconds, signal);
  }, signal);
}

function loopCalls({ seconds }: CallsOptions, signal: AbortSignal): Promise<Calls> {
  return inNewWorld(async ({ part }) => {
    const [simulator, loop] = [part("simulator"), part("plain-loop")];
    await loop.ask("start", { env: await openVendor(simulator, seconds) }, z.undefined());
    return await measure(simulator, seconds, signal);
  }, signal);
}

function openVendor(simulator: Part, seconds: number): Promise<VendorEnv> {
  return startVendor(simulator, { historyLimit: seconds + 1 });
}

async function measure(simulator: Part, events: number, signal: AbortSignal): Promise<Calls> {
  await sendAhead(simulator, 1);
  await simulator.ask("pace", { perSecond: 1, seconds: events }, z.undefined());
  const { pulls, confirms } = await simulator.ask("allConfirmed", undefined, Seen);
  await simulator.ask("forget", undefined, z.undefined());
  await sleep(IDLE_MS, undefined, { signal });
  const idle = await simulator.ask("calls", undefined, CallCounts);
  return { pullsPerEvent: pulls / events, confirmsPerEvent: confirms / events, pullsIdle: idle.pulls };
}

function reportOf({ worker, loop }: Both): string {
  const row = (label: string, value: (one: Calls) => number): Row => [
    label,
    ...[worker, loop].map((one) => cell([value(one)], 2)),
  ];
  return tableOf([
    ["calls where little happens", "worker", "plain loop"],
    row("confirm calls per event", ({ confirmsPerEvent }) => confirmsPerEvent),
    row("pulls per event", ({ pullsPerEvent }) => pullsPerEvent),
    row("pulls per 5 s, idle", ({ pullsIdle }) => pullsIdle),
  ]);
}
