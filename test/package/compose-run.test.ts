/** Does what the compose file says, without an engine. */
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { nothingConfigured } from "../../src/config/nothing-configured.ts";
import { checkRedis } from "../../src/queue/redis-check.ts";
import { freePort } from "../support/free-port.ts";
import { VENDORS } from "../../src/vendors/index.ts";
import { PROJECT } from "../support/process.ts";
import { redisProgram } from "../support/redis-program.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { readCompose } from "./compose-file.ts";
import { startProcess } from "./start-process.ts";

const { redis, worker } = readCompose().services;

test("the compose file's Redis has the settings that the promises need", async () => {
  const folder = await tempFolder();
  const [name, ...args] = z.array(z.string()).parse(redis.command);
  const { path } = await redisProgram("valkey");
  const port = await freePort();
  startProcess([path, ...args, "--port", String(port), "--dir", folder]);
  const client = new Redis(port, { maxRetriesPerRequest: null });
  client.on("error", () => {});
  onTestFinished(() => client.disconnect());

  await vi.waitFor(() => expect(client.status).toBe("ready"));

  expect(name).toBe("valkey-server");
  expect(await client.info("server")).toMatch(/^valkey_version:8\./m);
  expect(await checkRedis(client)).toMatchObject([{ level: "ok" }]);
  expect(await client.config("GET", "maxmemory")).toEqual(["maxmemory", String(512 * 1024 ** 2)]);
});

test("`docker compose up` without an account waits, says what to set, and ends on SIGTERM", async () => {
  const [, ...args] = z.array(z.string()).parse(worker.command);
  const env = { PATH: process.env["PATH"], ...worker.environment };
  const waiting = startProcess([join(PROJECT, "bin/node"), ...args], { cwd: PROJECT, env });
  await vi.waitFor(() => expect(waiting.text()).toContain("This worker waits."));

  waiting.kill("SIGTERM");

  expect(await waiting.ended).toEqual({ code: null, signal: "SIGTERM" });
  expect(waiting.text()).toContain(nothingConfigured(VENDORS));
});
