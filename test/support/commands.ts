import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { vi } from "vitest";
import { createKeys } from "../../src/ledger/keys.ts";
import { atEnd } from "./at-end.ts";
import { startOwnRedis } from "./redis.ts";

/** A Redis for this test alone, since Redis counts the commands of all clients together. */
export async function countedRedis() {
  const { url } = await startOwnRedis();
  const redis = new Redis(url);
  atEnd(() => redis.disconnect());
  return { redis, anyKeys: () => createKeys(`counted-${randomUUID()}`) };
}

export type CountedRedis = Awaited<ReturnType<typeof countedRedis>>;

/** Counts commands: `sent` by this connection, and `inRedis` as executed, including those inside scripts. */
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
    /** Hashes of the scripts that were called. */
    scripts: commands.flatMap(({ name, args }) => (name === "evalsha" ? [String(args[0])] : [])),
    inRedis: stats.map(([, name = "", calls]) => `${name} ${calls}`).toSorted(),
  };
}
