/** The same empty work on other workers: `sqs-consumer`, and a queue on PostgreSQL. */
import { z } from "zod";
import { startPostgresServer } from "../../test/support/postgres-server.ts";
import type { Part } from "../kit/part.ts";
import { cpuSecondsOf } from "../kit/process-cpu.ts";
import { Cost, type VendorEnv } from "../kit/replies.ts";
import { createRow, type Found } from "../kit/row.ts";
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
            async (world) => ({ name, door, ...(await measure(world, { door, open, events, concurrency })) }),
            signal,
          ),
        ),
      );
    return found;
  },
  figures: (found) =>
    found.flatMap((ours): readonly Found[] => {
      if (!ours.name.startsWith("ours")) return [];
      const others = found.filter(({ door, name }) => door === ours.door && name !== ours.name);
      return [
        [`events/s, ${ours.name}`, "higher", [rate(ours)]],
        ...others.flatMap((other): readonly Found[] => [
          [`events/s, ${ours.name}, against ${other.name}`, "higher", [rate(ours) / rate(other)]],
          [`CPU per event, ${ours.name}, against ${other.name}`, "lower", [cpu(ours) / cpu(other)]],
        ]),
      ];
    }),
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

type Peer = Pick<Contestant, "name" | "door"> & {
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
): Promise<Omit<Peer, "name" | "door">> {
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
  await consumer.ask("start", { redisUrl, env, concurrency }, z.undefined());
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

function rate({ events, seconds }: Peer): number {
  return events / seconds;
}

/** CPU seconds per event, process and store. */
function cpu({ events, processSeconds, storeSeconds = 0 }: Peer): number {
  return (processSeconds + storeSeconds) / events;
}

function reportOf(found: readonly Peer[]): string {
  return tableOf([
    ["peers", "events/s", "ours : it", "CPU ms per event, process", "its store", "ours : it"],
    ...found.map((one): Row => {
      const { name, events, processSeconds, storeSeconds } = one;
      const ours = found.find(({ door, name: its }) => door === one.door && its.startsWith("ours"));
      const against = (value: (of: Peer) => number): string =>
        cell(ours && ours !== one ? [value(ours) / value(one)] : [], 2);
      return [
        name,
        cell([rate(one)]),
        against(rate),
        cell([(processSeconds * 1_000) / events], 3),
        cell(storeSeconds === undefined ? [] : [(storeSeconds * 1_000) / events], 3),
        against(cpu),
      ];
    }),
  ]);
}
