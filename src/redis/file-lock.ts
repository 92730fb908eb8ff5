import { DatabaseSync } from "node:sqlite";
import { sleep } from "../core/sleep.ts";

export type FileLock = { release(): void };

const POLL_MS = 100;
const SQLITE_BUSY = 5;

/** Keeps a reference to each lock. Otherwise the garbage collector would release it. */
const held = new Set<DatabaseSync>();

/**
 * Takes the lock, or fails at once if it is taken. The kernel releases the lock when this process ends, even by
 * SIGKILL, so no stale lock is left. Node has no file locks of its own. An open SQLite transaction serves as one.
 */
export function tryLock(file: string): FileLock | undefined {
  const database = new DatabaseSync(file, { open: false });
  try {
    database.open();
    database.exec("BEGIN EXCLUSIVE");
  } catch (err) {
    if (database.isOpen) database.close();
    if (err instanceof Error && "errcode" in err && err.errcode === SQLITE_BUSY) return undefined;
    throw new Error(`cannot lock ${file}`, { cause: err });
  }
  held.add(database);
  return {
    release() {
      if (held.delete(database)) database.close();
    },
  };
}

/** Waits up to `waitMs` for the lock. */
export async function takeLock(file: string, waitMs: number, signal?: AbortSignal): Promise<FileLock | undefined> {
  const end = performance.now() + waitMs;
  for (;;) {
    signal?.throwIfAborted();
    const lock = tryLock(file);
    if (lock || performance.now() >= end) return lock;
    await sleep(POLL_MS, signal);
  }
}
