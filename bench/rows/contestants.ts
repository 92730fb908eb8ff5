/** The contestants of throughput: the whole worker, the plain loop, and BullMQ alone. */
import { z } from "zod";
import type { Part } from "../kit/part.ts";
import { Cost, Handled, Seen, type VendorEnv } from "../kit/replies.ts";
import { LOOKING_ON } from "../kit/run-costs.ts";
import { sendAhead, startVendor } from "../kit/vendor.ts";
import { inNewWorld, type RedisCost, type World } from "../kit/world.ts";

export type Throughput = {
  readonly seconds: number;
  readonly cost: Cost;
  readonly redis?: { readonly before: RedisCost; readonly after: RedisCost };
  readonly vendor?: Seen;
  readonly vendorCost?: Cost;
  readonly runs?: number;
};

export type ThroughputOptions = {
  readonly events: number;
  /** Events that go through before the count. Their cost is left out. */
  readonly warmUp: number;
  readonly concurrency: number;
  readonly profileFolder?: string | undefined;
};

export const CONTESTANTS = {
  worker: workerThroughput,
  loop: loopThroughput,
  queue: queueThroughput,
  both: bothThroughput,
} as const;

function workerThroughput(options: ThroughputOptions, signal: AbortSignal): Promise<Throughput> {
  const { concurrency, profileFolder } = options;
  return inNewWorld(async (world) => {
    const simulator = world.part("simulator");
    const worker = world.part("worker", { profileFolder });
    const env = await openVendor(simulator, options);
    await worker.ask("start", { redisUrl: world.redisUrl, env, concurrency }, z.undefined());
    await sendAhead(simulator, options.warmUp);
    const before = await world.redisCost();
    const found = await throughBacklog(simulator, worker, options);
    return { ...found, redis: { before, after: await world.redisCost() } };
  }, signal);
}

function loopThroughput(options: ThroughputOptions, signal: AbortSignal): Promise<Throughput> {
  return inNewWorld(async (world) => await throughBacklog(...(await startLoop(world, options)), options), signal);
}

function queueThroughput(options: ThroughputOptions, signal: AbortSignal): Promise<Throughput> {
  return inNewWorld(async (world) => await throughQueue(world, await startQueue(world, options), options), signal);
}

/** BullMQ alone beside a plain loop that takes as many events from a simulator. Together they do the work of the worker. */
function bothThroughput(options: ThroughputOptions, signal: AbortSignal): Promise<Throughput> {
  return inNewWorld(async (world) => {
    const [simulator, loop] = await startLoop(world, options);
    const queue = await startQueue(world, options);
    const [alone] = await Promise.all([throughQueue(world, queue, options), throughBacklog(simulator, loop, options)]);
    return alone;
  }, signal);
}

/** CPU seconds. */
export function cpuOf({ cost, redis }: Throughput): { readonly process: number; readonly redis: number } {
  return { process: cost.cpuSeconds, redis: redis ? redis.after.cpuSeconds - redis.before.cpuSeconds : 0 };
}

/** The number of Redis commands, including those inside scripts, and the number of scripts. */
export function commandsOf({ redis }: Throughput): { readonly all: number; readonly scripts: number } {
  const calls = Object.entries(redis?.after.commands ?? {}).map(
    ([name, count]) => [name, count - (redis?.before.commands[name] ?? 0)] as const,
  );
  const sum = (which: (name: string) => boolean): number =>
    calls.reduce((all, [name, count]) => (which(name) ? all + count : all), 0);
  return { all: sum((name) => !LOOKING_ON.has(name)), scripts: sum((name) => /^(eval|fcall)/.test(name)) };
}

function openVendor(simulator: Part, { events, warmUp: before }: ThroughputOptions): Promise<VendorEnv> {
  return startVendor(simulator, { historyLimit: events + before });
}

async function startLoop({ part }: World, options: ThroughputOptions): Promise<[simulator: Part, loop: Part]> {
  const [simulator, loop] = [part("simulator"), part("plain-loop")];
  await loop.ask("start", { env: await openVendor(simulator, options) }, z.undefined());
  await sendAhead(simulator, options.warmUp);
  return [simulator, loop];
}

async function startQueue({ part, redisUrl }: World, options: ThroughputOptions): Promise<Part> {
  const queue = part("bullmq-alone");
  await queue.ask("open", { redisUrl, concurrency: options.concurrency }, z.undefined());
  await queue.ask("run", options.warmUp, z.number());
  return queue;
}

/** The simulator gives no answers while it publishes, so the consumer finds the whole backlog at once. */
async function throughBacklog(simulator: Part, consumer: Part, { events }: ThroughputOptions): Promise<Throughput> {
  await consumer.ask("forget", undefined, z.undefined());
  await consumer.ask("startCost", undefined, z.undefined());
  await simulator.ask("publish", events, z.undefined());
  await simulator.ask("startCost", undefined, z.undefined());
  const vendor = await simulator.ask("allConfirmed", undefined, Seen);
  const [cost, vendorCost] = await Promise.all([consumer, simulator].map((part) => part.ask("cost", undefined, Cost)));
  const { runs } = await consumer.ask("handled", undefined, Handled);
  if (!cost || !vendorCost) throw new Error("a cost is missing");
  return { seconds: vendor.seconds, cost, vendor, vendorCost, runs };
}

async function throughQueue({ redisCost }: World, queue: Part, { events }: ThroughputOptions): Promise<Throughput> {
  const before = await redisCost();
  const seconds = await queue.ask("run", events, z.number());
  const after = await redisCost();
  return { seconds, cost: await queue.ask("cost", undefined, Cost), redis: { before, after } };
}
