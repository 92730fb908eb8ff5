/** A process with a private Redis of its own, for tests that kill it. Prints a line of JSON for each thing that happens. */
import { Redis } from "ioredis";
import { startLocalRedis } from "../../src/redis/local-redis.ts";

const [folder = "", cacheFolder = ""] = process.argv.slice(2);
const say = (fact: object) => process.stdout.write(`${JSON.stringify(fact)}\n`);
const log = { info: () => {}, warn: () => {}, error: () => {} };

try {
  const local = await startLocalRedis({ folder, cacheFolder, log });
  const redis = new Redis(local.url);
  await redis.set("key", "kept");
  process.once("SIGINT", () => void drain());
  say({ url: local.url });

  async function drain(): Promise<void> {
    say({ drained: await redis.get("key") });
    redis.disconnect();
    await local.close();
  }
} catch (err) {
  say({ error: err instanceof Error ? err.message : String(err) });
}
