import { readFile, readlink, realpath } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../core/failure.ts";
import { sleep } from "../core/sleep.ts";
import { ask, type Address } from "./ask.ts";
import { CONFIG_FILE, PID_FILE } from "./redis-server.ts";

/** Longer than a server's watcher waits before it kills. */
const WAIT_MS = 15_000;
/**
 * A starting server has a process but no port yet. A process that only got an earlier server's number looks the same.
 */
const PORTLESS_MS = 1000;
const POLL_MS = 50;

/**
 * Waits until the server of an earlier run has left the folder. The caller holds the folder's lock, so the process that
 * started that server is gone, and the server is about to end. It is told to end once more, in case its watcher was
 * killed too.
 */
export async function endPredecessor(folder: string, signal?: AbortSignal): Promise<void> {
  const earlier = await readPredecessor(folder);
  if (!earlier) return;
  const start = performance.now();
  let lastSeen = start;
  while (await isThere(earlier.pid, folder)) {
    signal?.throwIfAborted();
    const { who } = await ask(earlier.address, "SHUTDOWN");
    if (who === "stranger") return;
    const now = performance.now();
    if (who !== "nobody") lastSeen = now;
    else if (now - lastSeen > PORTLESS_MS) return;
    if (now - start > WAIT_MS) {
      throw new Error(`the private Redis of an earlier run still uses ${folder}: end it with 'kill -9 ${earlier.pid}'`);
    }
    await sleep(POLL_MS, signal);
  }
}

async function readPredecessor(folder: string): Promise<{ pid: number; address: Address } | undefined> {
  const [pid, config] = await Promise.all([read(join(folder, PID_FILE)), read(join(folder, CONFIG_FILE))]);
  const port = /^port (\d+)$/m.exec(config)?.[1];
  const password = /^requirepass (\S+)$/m.exec(config)?.[1];
  if (!/^\d+\s*$/.test(pid) || port === undefined || password === undefined) return undefined;
  return { pid: Number(pid), address: { port: Number(port), password } };
}

function read(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}

/**
 * Whether the process can still be a server in this folder. Linux tells its folder. Elsewhere only its number is known.
 */
async function isThere(pid: number, folder: string): Promise<boolean> {
  try {
    if (process.platform === "linux") return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(folder));
    process.kill(pid, 0);
    return true;
  } catch (err) {
    return ["EPERM", "EACCES"].includes(codeOf(err));
  }
}
