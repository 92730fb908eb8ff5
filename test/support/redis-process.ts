import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import { freePort } from "./free-port.ts";
import { environmentOf, type Kind, redisProgram } from "./redis-program.ts";

/** A replica whose first try got no answer tries again after this time, and not after a minute. */
const EAGER = { "repl-timeout": "5", "repl-ping-replica-period": "1" };

export type RedisProcess = Awaited<ReturnType<typeof startRedisProcess>>;
type Settings = Readonly<Record<string, string>>;

/** A Redis whose process, settings and disk a test may break. The connection `admin` survives all of that. */
export async function startRedisProcess(settings: Settings = {}, kind?: Kind) {
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-redis-"));
  const [port, busPort] = [await freePort(), await freePort()];
  const command = await redisProgram(kind);
  const fixed = { port: String(port), bind: "127.0.0.1", save: "", "enable-debug-command": "yes", ...EAGER };
  const cluster = settings["cluster-enabled"] === "yes" ? { "cluster-port": String(busPort) } : {};
  let server = run({});
  const url = `redis://127.0.0.1:${port}`;
  const admin = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 20, enableReadyCheck: false });
  admin.on("error", () => {}); // Redis may be down
  await admin.ping();

  function run(more: Settings): ChildProcess {
    const all = Object.entries({ ...fixed, ...cluster, ...settings, ...more });
    // Ignoring SIGXFSZ makes a write beyond the limit fail, as on a full disk, instead of ending the process.
    return spawn(
      "/bin/sh",
      [
        "-c",
        `trap '' XFSZ; exec "$0" "$@"`,
        command.path,
        ...all.flatMap(([name, value]) => [`--${name}`].concat(value.split(" "))),
      ],
      {
        cwd: folder,
        stdio: "ignore",
        env: environmentOf(command),
      },
    );
  }

  async function ended(): Promise<void> {
    if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
  }

  return {
    url,
    port,
    busPort,
    admin,
    /** Resolves when the process is gone. */
    ended,
    /** Call it after the process ended. The new one has the same port and the data on disk. */
    restart(more: Settings = {}): void {
      server = run(more);
    },
    /** Limits the size of files that Redis writes. A small limit acts as a full disk. */
    async limitFiles(bytes: number | "unlimited"): Promise<void> {
      await promisify(execFile)("prlimit", ["--pid", String(server.pid), `--fsize=${bytes}:unlimited`]);
    },
    async close(): Promise<void> {
      admin.disconnect();
      server.kill("SIGKILL");
      await ended();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
