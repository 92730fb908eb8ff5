/** What the compose file says, run without an engine. */
import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Redis } from "ioredis";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { SECRETS, VARIABLES } from "../../src/config/all-settings.ts";
import { nothingConfigured } from "../../src/config/nothing-configured.ts";
import { checkRedis } from "../../src/queue/redis-check.ts";
import { findServer } from "../../src/redis/find-server.ts";
import { freePort } from "../../src/redis/free-port.ts";
import { VENDORS } from "../../src/vendors/index.ts";
import { mistakesIn } from "../config/support.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { CACHE_FOLDER } from "../support/test-server.ts";
import { readCompose } from "./compose-file.ts";
import { startProcess } from "./start-process.ts";

const { redis, worker } = readCompose().services;
const settings = [...VARIABLES, ...SECRETS.map((name) => `${name}_FILE`)];

test("Redis is what the worker's promises need", async () => {
  const folder = await tempFolder();
  const { path, libraryPath } = await findServer({ cacheFolder: CACHE_FOLDER, log: console });
  const [, ...args] = z.array(z.string()).parse(redis.command);
  const port = await freePort();
  startProcess([path, ...args, "--port", String(port), "--dir", folder], {
    ...(libraryPath !== undefined && { env: { LD_LIBRARY_PATH: libraryPath } }),
  });
  const client = new Redis(port, { maxRetriesPerRequest: null });
  client.on("error", () => {});
  onTestFinished(() => client.disconnect());

  await vi.waitFor(() => expect(client.status).toBe("ready"), 10_000);

  expect(await checkRedis(client)).toMatchObject([{ level: "ok" }]);
  expect(await client.config("GET", "maxmemory")).toEqual(["maxmemory", String(512 * 1024 ** 2)]);
});

test("the worker waits for an account where nothing is configured, and says what to do", async () => {
  const { stdout, stderr } = await runWorker(worker.environment);

  expect(stdout).toBe("waits infinity\n");
  expect(stderr).toContain("run bin/create-secrets, then docker compose up -d");
});

test("the worker starts with credentials from .env as well as with files", async () => {
  const byFile = readCompose({ TENCENTCLOUD_SECRET_ID_FILE: "./secrets/id" }).services.worker.environment;

  expect((await runWorker({ ...worker.environment, TENCENTCLOUD_SECRET_ID: "id" })).stdout).toBe(
    "starts src/cli/index.ts\n",
  );
  expect((await runWorker(byFile)).stdout).toBe("starts src/cli/index.ts\n");
});

test("the worker waits exactly where the code says that nothing is configured", async () => {
  const starting: string[] = [];

  for (const name of settings) {
    const { stdout } = await runWorker({ ...worker.environment, [name]: "1" });
    if (stdout === "starts src/cli/index.ts\n") starting.push(name);
  }

  expect(starting).toEqual(
    settings.filter((name) => !mistakesIn({ [name]: "1" }).includes(nothingConfigured(VENDORS))),
  );
});

/** With programs in the place of node and sleep that say what they were asked. */
async function runWorker(env: Readonly<Record<string, string>>) {
  const folder = await tempFolder();
  await program(join(folder, "bin/node"), 'echo starts "$@"');
  await program(join(folder, "bin/sleep"), 'echo waits "$@"');
  const [file, ...args] = z.tuple([z.string()], z.string()).parse(worker.command);
  return spawnSync(file, args, { env: { PATH: `${folder}/bin:/usr/bin:/bin`, ...env }, encoding: "utf8" });
}

async function program(path: string, script: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}
