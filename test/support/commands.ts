import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { vi } from "vitest";
import { createKeys } from "../../src/ledger/keys.ts";
import { atEnd } from "./at-end.ts";
import { startOwnRedis } from "./redis.ts";

/** A Redis of the test's own: what is counted is what all clients send. */
export async function countedRedis() {
  const { url } = await startOwnRedis();
  const redis = new Redis(url);
  atEnd(() => redis.disconnect());
  return { redis, anyKeys: () => createKeys(`counted-${randomUUID()}`) };
}

export type CountedRedis = Awaited<ReturnType<typeof countedRedis>>;

/** The commands that reach Redis, by what sends them; those in its scripts too. */
export async function commandsOf(redis: Redis, run: () => Promise<unknown>) {
  const sending = vi.spyOn(redis, "sendCommand");
  await redis.config("RESETSTAT");
  sending.mockClear();
  await run();
  const commands = sending.mock.calls.map(([command]) => command);
  sending.mockRestore();
  const stats = [...(await redis.info("commandstats")).matchAll(/^cmdstat_(\w+):calls=(\d+)/gm)];
  return {
    sent: commands.map(({ name }) => name),
    /** The scripts among them, by their hashes. */
    scripts: commands.flatMap(({ name, args }) => (name === "evalsha" ? [String(args[0])] : [])),
    inRedis: stats.map(([, name = "", calls]) => `${name} ${calls}`).toSorted(),
  };
}
