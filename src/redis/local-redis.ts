import { randomBytes } from "node:crypto";
import { access, constants, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Logger } from "pino";
import { codeOf } from "../core/failure.ts";
import { urlOf } from "./ask.ts";
import { takeLock, type FileLock } from "./file-lock.ts";
import { freePort } from "./free-port.ts";
import { keepRunning, type KeptServer } from "./keep-running.ts";
import { findServer, type ServerChoice } from "./find-server.ts";
import { endPredecessor } from "./predecessor.ts";
import { PID_FILE, runRedisServer, type ServerCommand } from "./redis-server.ts";

export type LocalRedisOptions = {
  /** The folder for the data. Only one process may use it at a time. */
  readonly folder: string;
  /** The folder for a fetched server. */
  readonly cacheFolder: string;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
  readonly server?: ServerChoice;
};

export type LocalRedis = { readonly url: string; close(): Promise<void> };

/** A killed owner may need a moment to end. */
const LOCK_WAIT_MS = 1000;
const PORT_TRIES = 10;

/**
 * A private, durable Redis for this process. Acknowledged writes survive a SIGKILL of both processes. The server ends
 * with this process, however this process ends. If the server ends by itself, it is started again on the same port.
 */
export async function startLocalRedis(options: LocalRedisOptions, signal?: AbortSignal): Promise<LocalRedis> {
  const folder = resolve(options.folder);
  const lock = await lockFolder(folder, signal);
  try {
    const command = await findServer(options, signal);
    await endPredecessor(folder, signal);
    const { server, run } = await runOnFreePort(folder, command);
    options.log.info({ port: run.address.port, folder }, "private Redis started");
    const kept = keepRunning(server, run, options.log);
    let closed: Promise<void> | undefined;
    return { url: urlOf(run.address), close: () => (closed ??= close(kept)) };
  } catch (err) {
    lock.release();
    throw err;
  }

  async function close(kept: KeptServer): Promise<void> {
    await kept.close();
    await rm(join(folder, PID_FILE), { force: true });
    lock.release();
  }
}

async function lockFolder(folder: string, signal?: AbortSignal): Promise<FileLock> {
  await makeWritable(folder);
  const ownerFile = join(folder, "owner.pid");
  const lock = await takeLock(join(folder, "lock"), LOCK_WAIT_MS, signal);
  if (!lock) {
    const owner = await readFile(ownerFile, "utf8").catch(() => "unknown");
    throw new Error(
      `REDIS_URL: is not set, and process ${owner.trim()} uses ${folder} with a private Redis of its own; ` +
        "end it first, or set REDIS_URL to a Redis that both can share",
    );
  }
  await writeFile(ownerFile, `${process.pid}\n`);
  return lock;
}

/** Fails in a container with a read-only file system, or if the code belongs to another user. */
async function makeWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new Error(
      `REDIS_URL: is not set, and a private Redis cannot keep its data in ${folder} (${codeOf(cause)}); ` +
        "set REDIS_URL to a Redis that runs, such as redis://redis:6379",
      { cause },
    );
  }
}

/** Another program may take the port before the server listens on it. */
async function runOnFreePort(folder: string, command: ServerCommand) {
  const password = randomBytes(24).toString("hex");
  for (let tries = 0; tries < PORT_TRIES; tries += 1) {
    const run = { command, folder, address: { port: await freePort(), password }, durable: true };
    const server = await runRedisServer(run);
    if (server !== "taken") return { server, run };
  }
  throw new Error(`no free port for a private Redis after ${PORT_TRIES} tries`);
}
