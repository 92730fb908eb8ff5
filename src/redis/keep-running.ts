import type { Logger } from "pino";
import { sleep } from "../core/sleep.ts";
import { runRedisServer, type RedisServer, type RunOptions } from "./redis-server.ts";

export type KeptServer = { close(): Promise<void> };

const PAUSE_MS = 500;

/** Starts the server again, at the same address and on the same data, whenever it ends by itself. */
export function keepRunning(first: RedisServer, run: RunOptions, log: Pick<Logger, "warn" | "error">): KeptServer {
  const stopping = new AbortController();
  let current = first;
  const kept = keep();
  return {
    async close() {
      stopping.abort();
      await current.close();
      await kept;
    },
  };

  async function keep(): Promise<void> {
    for (;;) {
      const how = await current.gone;
      if (stopping.signal.aborted) return;
      log.error({ how, folder: run.folder }, "private Redis ended by itself: starting it again");
      const next = await startAgain();
      if (!next) return;
      current = next;
      if (stopping.signal.aborted) await current.close();
    }
  }

  async function startAgain(): Promise<RedisServer | undefined> {
    for (;;) {
      await sleep(PAUSE_MS, stopping.signal);
      if (stopping.signal.aborted) return undefined;
      try {
        const next = await runRedisServer(run);
        if (next !== "taken") return next;
        log.warn({ port: run.address.port }, "private Redis waits for its port, which another program has taken");
      } catch (err) {
        log.error({ err }, "private Redis does not start");
      }
    }
  }
}
