import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { freePort } from "./free-port.ts";
import type { Certificate } from "./certificate.ts";
import { environmentOf, type Kind, redisProgram } from "./redis-program.ts";

/** The connection `admin` survives whatever happens to the server. */
export type ServerNode = {
  readonly port: number;
  /** The port that others are told. A proxy may listen there. */
  readonly announced: number;
  readonly process: ChildProcess;
  readonly admin: Redis;
};

export type ServerOptions = {
  readonly title: string;
  /** The lines of its configuration file. */
  readonly lines: readonly string[];
  readonly password?: string | undefined;
  readonly flags?: readonly string[];
  /** Resolves with the port to announce for a server that listens on this port. */
  readonly announce?: Announce | undefined;
  /** Without it, nothing is encrypted. With it, everything is. */
  readonly tls?: Certificate | undefined;
};

export type Announce = (port: number) => Promise<number>;

/** The settings of our replicated servers. */
export const DURABLE = [
  'save ""',
  "appendonly yes",
  "appendfsync always",
  "enable-debug-command yes",
  "repl-diskless-sync-delay 0",
];

/** A replica whose first try got no answer tries again after this time. At the start it need not wait for a minute. */
export const EAGER = ["repl-timeout 5", "repl-ping-replica-period 1"];

/** Gives the servers Redis' own settings in place of `EAGER`. */
export async function asUsual(nodes: readonly Pick<ServerNode, "admin">[]): Promise<void> {
  for (const { admin } of nodes) {
    await admin.config("SET", "repl-timeout", "60");
    await admin.config("SET", "repl-ping-replica-period", "10");
  }
}

/** Starts servers in one temporary folder. `close` ends them all. */
export async function openRedisServers(name: string, kind?: Kind) {
  const folder = await mkdtemp(join(tmpdir(), `reliable-callback-${name}-`));
  const command = await redisProgram(kind);
  const nodes: ServerNode[] = [];

  return {
    async start({ title, lines, password, flags = [], announce, tls }: ServerOptions): Promise<ServerNode> {
      const port = await freePort();
      const announced = (await announce?.(port)) ?? port;
      const file = join(folder, `${title}.conf`);
      const own = [
        "bind 127.0.0.1",
        ...(tls ? encrypted(port, tls) : [`port ${port}`]),
        ...(password === undefined ? [] : [`requirepass "${password}"`]),
        ...(announced === port ? [] : ["replica-announce-ip 127.0.0.1", `replica-announce-port ${announced}`]),
      ];
      await writeFile(file, [...own, ...lines, ""].join("\n"));
      const child = spawn(command.path, [file, ...flags], {
        cwd: folder,
        stdio: "ignore",
        env: environmentOf(command),
      });
      const admin = new Redis({
        host: "127.0.0.1",
        port,
        ...(password !== undefined && { password }),
        ...(tls && { tls: { ca: await readFile(tls.certFile) } }),
        maxRetriesPerRequest: null,
        retryStrategy: () => 20,
        enableReadyCheck: false,
      });
      admin.on("error", () => {}); // the server may be down
      await admin.ping();
      const node = { port, announced, process: child, admin };
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

/** Clients need no certificate of their own. */
function encrypted(port: number, { keyFile, certFile }: Certificate): readonly string[] {
  return [
    "port 0",
    `tls-port ${port}`,
    `tls-key-file "${keyFile}"`,
    `tls-cert-file "${certFile}"`,
    `tls-ca-cert-file "${certFile}"`,
    "tls-auth-clients no",
    "tls-replication yes",
  ];
}
