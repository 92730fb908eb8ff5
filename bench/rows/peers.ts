/** The same empty work on other workers: `sqs-consumer`, and a queue on PostgreSQL. */
import { z } from "zod";
import { startPostgresServer } from "../../test/support/postgres-server.ts";
import type { Part } from "../kit/part.ts";
import { cpuSecondsOf } from "../kit/process-cpu.ts";
import { Cost, type VendorEnv } from "../kit/replies.ts";
import { createRow } from "../kit/row.ts";
import { cell, type Row, tableOf } from "../kit/table.ts";
import { publishAll, sendAhead, startVendor, type VendorTerms, WARM_UP } from "../kit/vendor.ts";
import { inNewWorld, type World } from "../kit/world.ts";

/** Long enough that a slow worker does not get its events again. */
const WINDOW_MS = 600_000;

export const peers = createRow({
  async measure({ options: { few: events, concurrency }, step }) {
    const found = [];
    for (const { name, door, open } of CONTESTANTS)
      found.push(
        await step(`peers: ${name}`, (signal) =>
          inNewWorld(
            async (world) => ({ name, ...(await measure(world, { door, open, events, concurrency })) }),
            signal,
          ),
        ),
      );
    return found;
  },
  figures: (found) =>
    found
      .filter(({ name }) => name.startsWith("ours"))
      .map((one) => [`events/s, ${one.name}`, "higher", [one.events / one.seconds]]),
  sections: (found, { few, concurrency }) => [
    {
      title: `${cell([few])} events; ours with a durable Redis and ${concurrency} handlers at once`,
      table: reportOf(found),
    },
  ],
});

type Contestant = {
  readonly name: string;
  readonly door: NonNullable<VendorTerms["door"]>;
  readonly open: (world: World, env: VendorEnv, concurrency: number) => Promise<Opened>;
};

type Opened = {
  readonly consumer: Part;
  /** CPU seconds of the consumer's store so far. Missing if it has no store. */
  readonly storeSeconds?: () => Promise<number | undefined>;
};

type Peer = {
  readonly name: string;
  readonly events: number;
  readonly seconds: number;
  readonly processSeconds: number;
  readonly storeSeconds: number | undefined;
};

const CONTESTANTS: readonly Contestant[] = [
  { name: "ours on SQS", door: "aws-sqs", open: openOurs },
  { name: "sqs-consumer", door: "aws-sqs", open: (world, env) => openPart(world, "sqs-consumer", env) },
  { name: "ours on Tencent VOD", door: "tencent-vod", open: openOurs },
  { name: "graphile-worker", door: "tencent-vod", open: openGraphile },
  { name: "plain loop", door: "tencent-vod", open: (world, env) => openPart(world, "plain-loop", env) },
];

async function measure(
  world: World,
  {
    door,
    open,
    events,
    concurrency,
  }: Omit<Contestant, "name"> & { readonly events: number; readonly concurrency: number },
): Promise<Omit<Peer, "name">> {
  const simulator = world.part("simulator");
  const env = await startVendor(simulator, { door, windowMs: WINDOW_MS, historyLimit: events + WARM_UP });
  const { consumer, storeSeconds } = await open(world, env, concurrency);
  await sendAhead(simulator, WARM_UP);
  const before = await storeSeconds?.();
  await consumer.ask("startCost", undefined, z.undefined());
  const { seconds } = await publishAll(simulator, events);
  const { cpuSeconds } = await consumer.ask("cost", undefined, Cost);
  const after = await storeSeconds?.();
  const stored = before === undefined || after === undefined ? undefined : after - before;
  return { events, seconds, processSeconds: cpuSeconds, storeSeconds: stored };
}

async function openOurs({ part, redisUrl, redisCost }: World, env: VendorEnv, concurrency: number): Promise<Opened> {
  const consumer = part("worker");
  await consumer.ask("start", { redisUrl, env, concurrency, blocked: false }, z.undefined());
  return { consumer, storeSeconds: async () => (await redisCost()).cpuSeconds };
}

async function openPart({ part }: World, name: string, env: VendorEnv): Promise<Opened> {
  const consumer = part(name);
  await consumer.ask("start", { env }, z.undefined());
  return { consumer };
}

async function openGraphile({ part, ending }: World, env: VendorEnv, concurrency: number): Promise<Opened> {
  const { url: postgresUrl, pid, close } = await startPostgresServer({ durable: true });
  const consumer = part("graphile-worker");
  // the server ends after its client, which would report an earlier end as a failure
  ending(async () => {
    await consumer.end();
    await close();
  });
  await consumer.ask("start", { env, postgresUrl, concurrency }, z.undefined());
  return { consumer, storeSeconds: () => cpuSecondsOf(pid) };
}

function reportOf(found: readonly Peer[]): string {
  return tableOf([
    ["peers", "events/s", "CPU ms per event, process", "its store"],
    ...found.map(({ name, events, seconds, processSeconds, storeSeconds }): Row => [
      name,
      cell([events / seconds]),
      cell([(processSeconds * 1_000) / events], 3),
      cell(storeSeconds === undefined ? [] : [(storeSeconds * 1_000) / events], 3),
    ]),
  ]);
}
