import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { urlOf } from "../../src/redis/ask.ts";
import { freePort } from "./free-port.ts";
import { runRedisServer } from "../../src/redis/redis-server.ts";
import { type Kind, redisProgram } from "./redis-program.ts";

/** A Redis in a temporary folder. It can stop and start again with the same address and data. */
export async function startTestServer({ durable, kind }: { readonly durable: boolean; readonly kind?: Kind }) {
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-redis-"));
  const command = await redisProgram(kind);
  const password = randomBytes(12).toString("hex");
  let address = { port: await freePort(), password };
  let server = await run();
  while (server === "taken") {
    address = { port: await freePort(), password };
    server = await run();
  }
  let running = server;

  function run() {
    return runRedisServer({ command, folder, address, durable });
  }

  return {
    url: urlOf(address),
    folder,
    /** Shuts Redis down cleanly. */
    stop: () => running.close(),
    /** Kills Redis, so that only the data on disk is left. */
    kill9: async () => {
      process.kill(running.pid, "SIGKILL");
      await running.gone;
    },
    /** Redis still takes connections and commands, but answers only after `resume`. */
    freeze: () => void process.kill(running.pid, "SIGSTOP"),
    resume: () => void process.kill(running.pid, "SIGCONT"),
    /** Deletes the data on disk. Call it while Redis is down. */
    forget: () => rm(join(folder, "appendonlydir"), { recursive: true, force: true }),
    start: async () => {
      const next = await run();
      if (next === "taken") throw new Error(`port ${address.port} was taken while this test's Redis was down`);
      running = next;
    },
    close: async () => {
      // a frozen Redis cannot end, so it is resumed first, and a killed one no longer exists
      try {
        process.kill(running.pid, "SIGCONT");
      } catch {}
      await running.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
