import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sleep } from "../core/sleep.ts";
import { ask, type Address } from "./ask.ts";

/** How to run a server. `libraryPath` is set for a fetched server, whose libraries are beside it. */
export type ServerCommand = { readonly path: string; readonly libraryPath?: string };

export type RedisServer = {
  readonly pid: number;
  /** Resolves once the process has ended, for whatever reason, and says how it ended. */
  readonly gone: Promise<string>;
  /** Ends the server in order. A durable one has every acknowledged write on disk already. */
  close(): Promise<void>;
};

export type RunOptions = {
  readonly command: ServerCommand;
  readonly folder: string;
  readonly address: Address;
  /** True: every acknowledged write is on disk. False: nothing is ever written. */
  readonly durable: boolean;
};

export const CONFIG_FILE = "redis.conf";
export const PID_FILE = "redis.pid";
const LOG_FILE = "redis.log";

const LISTENS_WITHIN_MS = 30_000;
/** Longer than the watcher waits, for a server that has lost its watcher. */
const CLOSES_WITHIN_MS = 7_000;
const POLL_MS = 10;

/**
 * This script becomes the server. It leaves a watcher behind, which ends the server when this process ends. The watcher
 * reads from a pipe into which nobody writes. The read returns once this process has closed its end or is gone, even by
 * SIGKILL. A server that does not end within 5 s is killed.
 */
const SCRIPT = `
echo $$ >"$1"
exec 3<&0 </dev/null
(
  read -r _ <&3
  kill -TERM $$ || exit
  tries=0
  while [ $tries -lt 50 ] && kill -0 $$; do sleep 0.1; tries=$((tries + 1)); done
  kill -KILL $$
) >/dev/null 2>&1 &
exec 3<&-
exec "$0" "$2"
`;

/** Starts a server and waits until it answers. Resolves with `taken` if another program has its port. */
export async function runRedisServer(options: RunOptions): Promise<RedisServer | "taken"> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  await writeFile(join(options.folder, CONFIG_FILE), settings(options), { mode: 0o600 });
  const server = await spawnServer(options);
  const trouble = await started(server, options.address);
  if (trouble === undefined) return server;

  await server.close();
  const said = await readFile(join(options.folder, LOG_FILE), "utf8");
  if (/address already in use/i.test(said)) return "taken";
  throw new Error(`${options.command.path} did not start: ${trouble}; it said: ${said.trim().slice(-1000)}`);
}

/**
 * `detached` gives the server a session of its own. So Ctrl-C reaches only this process, which ends its server last.
 */
async function spawnServer({ command, folder }: RunOptions): Promise<RedisServer> {
  const log = await open(join(folder, LOG_FILE), "w", 0o600);
  try {
    const child = spawn("/bin/sh", ["-c", SCRIPT, command.path, PID_FILE, CONFIG_FILE], {
      cwd: folder,
      detached: true,
      stdio: ["pipe", log.fd, log.fd],
      env: {
        PATH: "/usr/bin:/bin",
        LC_ALL: "C", // newer servers refuse to start under a locale that is not installed
        ...(command.libraryPath !== undefined && { LD_LIBRARY_PATH: command.libraryPath }),
      },
    });
    return watch(child); // before anything is awaited: a server that cannot start ends at once
  } finally {
    await log.close();
  }
}

function watch(child: ChildProcess): RedisServer {
  const gone = new Promise<string>((resolve) => {
    child.on("error", (err) => resolve(err.message));
    child.on("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  child.stdin?.on("error", () => {}); // the watcher was killed: then there is nothing to tell it
  void gone.then(() => child.stdin?.destroy()); // lets the watcher of a server that ended by itself go
  return {
    pid: child.pid ?? 0,
    gone,
    async close() {
      child.stdin?.destroy();
      const impatience = setTimeout(() => child.kill("SIGKILL"), CLOSES_WITHIN_MS);
      await gone;
      clearTimeout(impatience);
    },
  };
}

/** Waits until the server is ready. Resolves with the reason if it fails. Loading its data may take any time. */
async function started(server: RedisServer, address: Address): Promise<string | undefined> {
  let ended: string | undefined;
  void server.gone.then((how) => (ended = how));
  const end = performance.now() + LISTENS_WITHIN_MS;
  for (;;) {
    const answer = await ask(address, "PING");
    if (ended !== undefined) return ended;
    if (answer.who === "ours" && answer.reply === "+PONG") return undefined;
    if (answer.who !== "ours" && performance.now() > end) return `it does not answer at port ${address.port}`;
    await sleep(POLL_MS);
  }
}

function settings({ address, durable }: RunOptions): string {
  return `# Written at every start.
bind 127.0.0.1
port ${address.port}
requirepass ${address.password}
daemonize no
dir ./
save ""
appendonly ${durable ? "yes" : "no"}
appendfsync always
auto-aof-rewrite-min-size 256mb
maxmemory-policy noeviction
`;
}
