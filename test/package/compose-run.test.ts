/** Does what the compose file says, without an engine. */
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { nothingConfigured } from "../../src/config/nothing-configured.ts";
import { checkRedis } from "../../src/queue/redis-check.ts";
import { findServer } from "../../src/redis/find-server.ts";
import { freePort } from "../../src/redis/free-port.ts";
import { VENDORS } from "../../src/vendors/index.ts";
import { PROJECT } from "../support/process.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { CACHE_FOLDER } from "../support/test-server.ts";
import { readCompose } from "./compose-file.ts";
import { startProcess } from "./start-process.ts";

const { redis, worker } = readCompose().services;

test("the compose file's Redis has the settings that the promises need", async () => {
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

test("`docker compose up` without an account waits, says what to set, and ends on SIGTERM", async () => {
  const [, ...args] = z.array(z.string()).parse(worker.command);
  const env = { PATH: process.env["PATH"], ...worker.environment };
  const waiting = startProcess([join(PROJECT, "bin/node"), ...args], { cwd: PROJECT, env });
  await vi.waitFor(() => expect(waiting.text()).toContain("This worker waits."), 20_000);

  waiting.kill("SIGTERM");

  expect(await waiting.ended).toEqual({ code: null, signal: "SIGTERM" });
  expect(waiting.text()).toContain(nothingConfigured(VENDORS));
});
