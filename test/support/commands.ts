import type { Redis } from "ioredis";
import { vi } from "vitest";

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
