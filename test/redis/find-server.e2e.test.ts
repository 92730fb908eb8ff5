import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { findServer } from "../../src/redis/find-server.ts";
import { tempFolder } from "../support/temp-folder.ts";

test("an installed Redis or Valkey server is used as it is", async () => {
  const { folder, options, program } = await setup();
  await program("valkey-server", "echo 'Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64'");

  expect(await findServer(options)).toEqual({ path: join(folder, "valkey-server") });
});

test("a server that is too old is skipped, and that is logged", async () => {
  const { folder, options, log, program } = await setup();
  await program("redis-server", "echo 'Redis server v=5.0.14 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64'");
  await program("valkey-server", "echo 'Valkey server v=7.2.5 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64'");

  expect(await findServer(options)).toEqual({ path: join(folder, "valkey-server") });
  expect(log.warn).toHaveBeenCalledWith(
    { path: join(folder, "redis-server"), version: "5.0.14" },
    expect.stringContaining("6.2 or newer"),
  );
});

test("without a server on the PATH the error names the command to run", async () => {
  const { options } = await setup();

  await expect(findServer({ ...options, server: "path" })).rejects.toThrow(
    /no redis-server or valkey-server on the PATH: (run|install) .*redis.*, or set REDIS_URL/,
  );
});

test("if no server can be fetched either, the error names the command to run and the cause", async () => {
  const { options, program } = await setup();
  await program("apt-get", "echo 'E: no network' >&2; exit 100");

  await expect(findServer(options)).rejects.toThrow(
    /apt-get cannot fetch redis-server or valkey-server: E: no network.*(run|install) .*redis.*, or set REDIS_URL/,
  );
});

test("without Debian's package manager the error still says what to do", async () => {
  const { options } = await setup();

  await expect(findServer(options)).rejects.toThrow(/apt-get.* ENOENT.*or set REDIS_URL/);
});

test("a cancelled fetch leaves nothing behind", async () => {
  const { folder, options, program } = await setup();
  const began = join(folder, "began");
  await program("apt-get", `touch ${began}; exec sleep 60`);
  const stop = new AbortController();

  const found = findServer(options, stop.signal).catch((err: unknown) => err);
  await expect.poll(() => existsSync(began)).toBe(true);
  stop.abort(new Error("called off"));

  expect(await found).toMatchObject({ message: "called off" });
  expect(await readdir(options.cacheFolder)).toEqual(["redis-server.lock"]);
});

test("a server is fetched once for all who ask at the same time, and again when its files are incomplete", async () => {
  const { options, log } = await setup({ path: "/usr/bin:/bin" });
  const fetched = { ...options, server: "fetch" } as const;
  await mkdir(join(options.cacheFolder, "redis-server.partial"), { recursive: true });

  const [command, same] = await Promise.all([findServer(fetched), findServer(fetched)]);

  expect(same).toEqual(command);
  expect(command.path.startsWith(options.cacheFolder)).toBe(true);
  expect(log.info).toHaveBeenCalledOnce();

  await rm(command.path);
  expect(await findServer(fetched)).toEqual(command);
  expect(log.info).toHaveBeenCalledTimes(2);
  expect((await readFile(command.path)).length).toBeGreaterThan(0);
}, 180_000);

async function setup({ path }: { readonly path?: string } = {}) {
  const folder = await tempFolder();
  const log = { info: vi.fn(), warn: vi.fn() };
  vi.stubEnv("PATH", path ?? folder);

  async function program(name: string, script: string): Promise<void> {
    await writeFile(join(folder, name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }

  return { folder, log, program, options: { cacheFolder: join(folder, "cache"), log } };
}
