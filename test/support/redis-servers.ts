import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { findServer } from "../../src/redis/find-server.ts";
import { freePort } from "../../src/redis/free-port.ts";
import { CACHE_FOLDER } from "./test-server.ts";

/** The connection `admin` survives whatever happens to the server. */
export type ServerNode = { readonly port: number; readonly process: ChildProcess; readonly admin: Redis };

/** The settings of our replicated servers. */
export const DURABLE = [
  'save ""',
  "appendonly yes",
  "appendfsync always",
  "enable-debug-command yes",
  "repl-diskless-sync-delay 0",
];

/** Starts servers in one temporary folder. `close` ends them all. */
export async function openRedisServers(name: string) {
  const folder = await mkdtemp(join(tmpdir(), `reliable-callback-${name}-`));
  const { path, libraryPath } = await findServer({ cacheFolder: CACHE_FOLDER, log: console, server: "any" });
  const env = {
    PATH: "/usr/bin:/bin",
    LC_ALL: "C",
    ...(libraryPath !== undefined && { LD_LIBRARY_PATH: libraryPath }),
  };
  const nodes: ServerNode[] = [];

  return {
    /** `lines`: the lines of its configuration file. */
    async start(
      title: string,
      lines: readonly string[],
      password?: string,
      flags: readonly string[] = [],
    ): Promise<ServerNode> {
      const port = await freePort();
      const file = join(folder, `${title}.conf`);
      const own = ["bind 127.0.0.1", `port ${port}`, ...(password === undefined ? [] : [`requirepass "${password}"`])];
      await writeFile(file, [...own, ...lines, ""].join("\n"));
      const child = spawn(path, [file, ...flags], { cwd: folder, stdio: "ignore", env });
      const admin = new Redis({
        host: "127.0.0.1",
        port,
        ...(password !== undefined && { password }),
        maxRetriesPerRequest: null,
        retryStrategy: () => 20,
        enableReadyCheck: false,
      });
      admin.on("error", () => {}); // the server may be down
      await admin.ping();
      const node = { port, process: child, admin };
      nodes.push(node);
      return node;
    },

    async close(): Promise<void> {
      for (const { admin: one, process: child } of nodes) {
        one.disconnect();
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
