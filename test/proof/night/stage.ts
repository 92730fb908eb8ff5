/** The actors of the night: a Redis of its own behind a line that can fall silent, a vendor, and the only worker. */
import { cp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createKeys } from "../../../src/ledger/keys.ts";
import { freePort } from "../../support/free-port.ts";
import { openEvents, press, problemsTold, retryAllGroups } from "../../support/probes.ts";
import { PROJECT, type WorkerProcess } from "../../support/process.ts";
import { startProxy } from "../../support/proxy.ts";
import { startRedisProcess } from "../../support/redis-process.ts";
import { openTencentWorld } from "../../support/world.ts";
import { until } from "../../support/until.ts";
import type { Place } from "./look.ts";

export type Stage = Awaited<ReturnType<typeof openStage>>;

const PREFIX = "night";
const ALL_ROLES = "pull,work,http";
const IMPATIENT = [join(PROJECT, "bin/node"), join(PROJECT, "test/support/impatient-worker.ts")] as const;
const WINDOW_MS = 30_000;

export async function openStage(historyLimit: number) {
  const redis = await startRedisProcess({
    appendonly: "yes",
    appendfsync: "always",
    "auto-aof-rewrite-percentage": "0",
    "busy-reply-threshold": "100",
  });
  const line = await startProxy(new URL(redis.url));
  const world = await openTencentWorld({
    redis: { url: line.url.href, prefix: PREFIX },
    windowMs: WINDOW_MS,
    historyLimit,
  });
  const gate = join(world.folder, "gate");
  const snapshot = join(world.folder, "snapshot");
  const settings = { PORT: String(await freePort()), ATTEMPTS: "4", BACKOFF_MS: "20" };
  const texts: (() => string)[] = [];
  let worker: WorkerProcess | undefined;
  let env: Place["env"] = {};

  async function stopWorker(): Promise<void> {
    worker?.send("SIGTERM");
    await worker?.exited;
    worker = undefined;
  }

  async function startAnother(more: Place["env"], command?: readonly [string, string]): Promise<void> {
    await stopWorker();
    env = { ...world.env, ...settings, ...more };
    worker = await world.start({ ...settings, ...more }, command ? { command } : {});
    texts.push(worker.text);
  }

  const place = (): Place => {
    if (!worker) throw new Error("no worker runs");
    return { worker, env, cwd: world.folder };
  };

  async function aofFolder(): Promise<string> {
    const [, folder] = await redis.admin.config("GET", "dir").then((reply) => (Array.isArray(reply) ? reply : []));
    return join(String(folder), "appendonlydir");
  }

  return {
    world,
    redis,
    line,
    place,
    keys: createKeys(PREFIX).keysOf("tencent-vod"),
    /** An event whose handler fails until the cause is mended. */
    publishBad: (key: string) => world.publish(key, { failsWithout: gate }),
    mendCause: () => writeFile(gate, ""),
    /** Replaces the running worker. */
    async startWorker(roles = ALL_ROLES): Promise<void> {
      await startAnother({ ROLES: roles });
    },
    /** Replaces the running worker with one that reconnects sooner. */
    async startImpatientWorker(patienceMs: number): Promise<void> {
      await startAnother({ ROLES: ALL_ROLES, PATIENCE_MS: String(patienceMs) }, IMPATIENT);
      await until("it is ready", async () => (await problemsTold(place().worker)).ready);
      await until("it waits for jobs", () => line.open().some(({ waits }) => waits));
    },
    async takeSnapshot(): Promise<void> {
      await cp(await aofFolder(), snapshot, { recursive: true });
    },
    async restoreSnapshot(): Promise<void> {
      const folder = await aofFolder();
      await shutDown();
      await rm(folder, { recursive: true });
      await cp(snapshot, folder, { recursive: true });
      redis.restart();
      const hasLoaded = () =>
        redis.admin.ping().then(
          () => true,
          () => false,
        );
      await until("Redis has loaded its data", hasLoaded);
    },
    shutDown,
    async discardOldest(): Promise<void> {
      const { worker: asked } = place();
      const [oldest] = await openEvents(asked);
      const notice = await press(asked, "discard", { id: oldest?.id ?? "", reason: "the operator gave it up" });
      if (notice !== "discarded") throw new Error(`discard says ${notice}`);
    },
    retryAll: () => retryAllGroups(place().worker),
    async onQueue(button: "pause" | "resume"): Promise<void> {
      const url = `${place().worker.pagesUrl}/dashboard/api/queues/events/${button}`;
      const answer = await fetch(url, { method: "PUT", headers: { "sec-fetch-site": "same-origin" } });
      if (!answer.ok) throw new Error(`the dashboard answers ${answer.status} to ${button}`);
    },
    /** The log of the whole night, from all worker processes in turn. */
    log: () => texts.map((text) => text()).join(""),
    async close(): Promise<void> {
      await world.close();
      await line.close();
      await redis.close();
    },
  };

  async function shutDown(): Promise<void> {
    const other = redis.admin.duplicate({ retryStrategy: () => null });
    other.on("error", () => {});
    await Promise.all([redis.ended(), other.shutdown("NOSAVE").catch(() => {})]);
    other.disconnect();
  }
}
