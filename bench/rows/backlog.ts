/**
 * Backlogs that cannot be taken in at once, because of `MAX_WAITING` or time. Events that are pulled too early are
 * delivered again.
 */
import { z } from "zod";
import { Handled, Seen } from "../kit/replies.ts";
import { createRow } from "../kit/row.ts";
import { cell, type Row, tableOf } from "../kit/table.ts";
import { startVendor } from "../kit/vendor.ts";
import { inNewWorld } from "../kit/world.ts";

const ROOM_FOR_ALL = 1_000_000;

export const backlog = createRow({
  async measure({ options: { few, concurrency }, step }) {
    const found = [];
    for (const one of casesOf(few)) found.push(await step(one.name, (signal) => measureCase(one, concurrency, signal)));
    return found;
  },
  figures: (found) =>
    found.map((one) => [`time against room for all, ${one.name}`, "lower", [one.seconds / one.secondsWithRoom]]),
  sections: (found) => [{ title: "each beside the same events without a limit", table: reportOf(found) }],
});

type BacklogCase = {
  readonly name: string;
  readonly events: number;
  readonly maxWaiting: number;
  readonly handlerMs: number;
  readonly windowMs: number;
};

type Backlog = BacklogCase & {
  readonly seconds: number;
  /** The time for the same backlog with room for every event. */
  readonly secondsWithRoom: number;
  readonly idleSeconds: number;
  readonly deliveriesPerEvent: number;
  readonly deliveriesPerEventWithRoom: number;
};

function casesOf(events: number): readonly BacklogCase[] {
  return [
    {
      name: "backlog beyond MAX_WAITING",
      events: 2 * events,
      maxWaiting: 3 * Math.ceil(events / 10),
      handlerMs: 0,
      windowMs: 30_000,
    },
    {
      name: "no-op handlers, three times MAX_WAITING",
      events: 3 * events,
      maxWaiting: events,
      handlerMs: 0,
      windowMs: 30_000,
    },
    {
      name: "handlers of 50 ms, window of 8 s",
      events: Math.ceil(events / 1.25),
      maxWaiting: 10_000,
      handlerMs: 50,
      windowMs: 8_000,
    },
    {
      name: "handlers of 0.5 s, window of 8 s",
      events: Math.ceil(events / 5),
      maxWaiting: 10_000,
      handlerMs: 500,
      windowMs: 8_000,
    },
  ];
}

async function measureCase(one: BacklogCase, concurrency: number, signal: AbortSignal): Promise<Backlog> {
  const limited = await measure(one, concurrency, signal);
  const free = await measure({ ...one, maxWaiting: ROOM_FOR_ALL }, concurrency, signal);
  return {
    ...one,
    seconds: limited.vendor.seconds,
    secondsWithRoom: free.vendor.seconds,
    idleSeconds: limited.handled.idleMs / 1_000,
    deliveriesPerEvent: limited.vendor.delivered / one.events,
    deliveriesPerEventWithRoom: free.vendor.delivered / one.events,
  };
}

function measure({ events, maxWaiting, handlerMs, windowMs }: BacklogCase, concurrency: number, signal: AbortSignal) {
  return inNewWorld(async ({ redisUrl, part }) => {
    const simulator = part("simulator");
    const worker = part("worker");
    const env = await startVendor(simulator, { windowMs, historyLimit: events });
    await simulator.ask("publish", events, z.undefined());
    const start = { redisUrl, env, concurrency, maxWaiting, handlerMs };
    await worker.ask("start", start, z.undefined());
    const vendor = await simulator.ask("allConfirmed", undefined, Seen);
    return { vendor, handled: await worker.ask("handled", undefined, Handled) };
  }, signal);
}

function reportOf(backlogs: readonly Backlog[]): string {
  const rows = backlogs.map((one): Row => [
    one.name,
    ...[one.seconds / one.secondsWithRoom, one.deliveriesPerEvent, one.deliveriesPerEventWithRoom].map((value) =>
      cell([value], 2),
    ),
    cell([one.idleSeconds], 1),
    cell([one.seconds], 1),
    cell([one.events]),
  ]);
  const head = ["time : with room for all", "deliveries per event", "with room for all", "idle s", "s", "events"];
  return tableOf([["a backlog and its limit", ...head], ...rows]);
}
