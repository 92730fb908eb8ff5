import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { takeLock, tryLock } from "../../src/redis/file-lock.ts";
import { tempFolder } from "../support/temp-folder.ts";

test("a file lock has one owner until it is released", async () => {
  const file = join(await tempFolder(), "lock");
  const first = tryLock(file);

  expect(tryLock(file)).toBeUndefined();
  first?.release();
  first?.release();
  const second = tryLock(file);

  expect(second).toBeDefined();
  second?.release();
});

test("the file lock of a killed process is free", async () => {
  const file = join(await tempFolder(), "lock");
  const module = join(import.meta.dirname, "../../src/redis/file-lock.ts");
  const script = `
    const { tryLock } = await import(${JSON.stringify(module)});
    process.stdout.write(tryLock(${JSON.stringify(file)}) ? "locked" : "not locked");
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void owner.kill("SIGKILL"));
  expect(String(await once(owner.stdout, "data"))).toBe("locked");
  expect(tryLock(file)).toBeUndefined();

  owner.kill("SIGKILL");

  const lock = await takeLock(file, 10_000);
  expect(lock).toBeDefined();
  lock?.release();
});

test("waiting for a file lock ends when it is free, after the timeout, or when it is cancelled", async () => {
  const file = join(await tempFolder(), "lock");
  const first = tryLock(file);
  expect(await takeLock(file, 1)).toBeUndefined();
  await expect(takeLock(file, 60_000, AbortSignal.timeout(1))).rejects.toThrow(/timeout/i);

  const granted = vi.fn();
  const waiting = takeLock(file, 60_000).then((lock) => {
    granted();
    return lock;
  });
  expect(granted).not.toHaveBeenCalled();
  first?.release();

  const second = await waiting;
  expect(second).toBeDefined();
  second?.release();
});

test("a file lock in a missing folder is a clear error", () => {
  expect(() => tryLock("/does-not-exist/lock")).toThrow("cannot lock /does-not-exist/lock");
});
