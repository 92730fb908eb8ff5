import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { ask } from "../../src/redis/ask.ts";
import { freePort } from "../support/free-port.ts";
import { startLocalRedis } from "../../src/redis/local-redis.ts";
import { runRedisServer } from "../../src/redis/redis-server.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { CACHE_FOLDER } from "../support/cache-folder.ts";
import { redisProgram } from "../support/redis-program.ts";

test("the private Redis has its data again after a close and a new start", async () => {
  const { start } = await setup();
  const first = await start();
  await client(first.url).set("key", "kept");

  await first.close();
  await first.close();
  const second = await start();

  expect(await client(second.url).get("key")).toBe("kept");
});

test("the private Redis writes every acknowledged write to disk and evicts nothing", async () => {
  const { start } = await setup();

  const redis = client((await start()).url);

  expect(await redis.config("GET", "appendonly")).toEqual(["appendonly", "yes"]);
  expect(await redis.config("GET", "appendfsync")).toEqual(["appendfsync", "always"]);
  expect(await redis.config("GET", "maxmemory-policy")).toEqual(["maxmemory-policy", "noeviction"]);
});

test("the private Redis names the setting to change if it cannot write its data", async () => {
  const { folder, log } = await setup();
  const file = join(folder, "file");
  await writeFile(file, "");

  const started = startLocalRedis({ folder: join(file, "data"), cacheFolder: CACHE_FOLDER, log });

  await expect(started).rejects.toThrow(/^REDIS_URL: is not set, .*\(ENOTDIR\); set REDIS_URL to a Redis that runs/);
});

test("the private Redis refuses clients without the password, and clients from other machines", async () => {
  const { start } = await setup();
  const { url } = await start();

  const stranger = client(`redis://127.0.0.1:${new URL(url).port}`);

  await expect(stranger.get("key")).rejects.toThrow(/NOAUTH/);
  expect(await client(url).config("GET", "bind")).toEqual(["bind", "127.0.0.1"]);
});

test("the private Redis ends when its process is killed, and the next process has the data at once", async () => {
  const { start, startParent } = await setup();
  const parent = startParent();
  const { url } = await parent.says(z.object({ url: z.string() }));

  parent.process.kill("SIGKILL");
  const next = await start();

  expect(await client(next.url).get("key")).toBe("kept");
  expect(await ask(addressOf(url), "PING")).toEqual({ who: "nobody" });
});

test("the private Redis ends after its process was killed, even if no other process starts", async () => {
  const { startParent } = await setup();
  const parent = startParent();
  const { url } = await parent.says(z.object({ url: z.string() }));

  parent.process.kill("SIGKILL");

  await vi.waitFor(async () => expect(await ask(addressOf(url), "PING")).toEqual({ who: "nobody" }));
});

test("the private Redis outlives Ctrl-C until its process has drained", async () => {
  const { startParent } = await setup();
  const parent = startParent();
  const { url } = await parent.says(z.object({ url: z.string() }));

  process.kill(-(parent.process.pid ?? 0), "SIGINT");

  expect(await parent.says(z.object({ drained: z.string() }))).toEqual({ drained: "kept" });
  await vi.waitFor(async () => expect(await ask(addressOf(url), "PING")).toEqual({ who: "nobody" }));
});

test("a second process on the same data folder fails, and the error has the owner's process id and a way out", async () => {
  const { folder, start, startParent } = await setup();
  await start();

  const { error } = await startParent().says(z.object({ error: z.string() }));

  expect(error).toContain(`process ${process.pid} uses ${folder}`);
  expect(error).toContain("set REDIS_URL");
});

test("the private Redis is started again at the same address when it ends by itself", async () => {
  const { start, log } = await setup();
  const { url } = await start();
  const redis = client(url);
  await redis.set("key", "kept");

  process.kill(await pidOf(redis), "SIGKILL");

  await vi.waitFor(async () => expect(await redis.get("key")).toBe("kept"));
  expect(log.error).toHaveBeenCalledWith(
    expect.objectContaining({ how: "SIGKILL" }),
    expect.stringContaining("starting it again"),
  );
});

test("the private Redis is killed on close if it does not end in order", async () => {
  const { start } = await setup();
  const local = await start();
  const pid = await pidOf(client(local.url));
  process.kill(pid, "SIGSTOP");

  await local.close();

  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});

test("a start ends the private Redis that an earlier process left running", async () => {
  const { folder, start } = await setup();
  const command = await redisProgram();
  const address = { port: await freePort(), password: "earlier" };
  const earlier = await runRedisServer({ command, folder, address, durable: true });
  if (earlier === "taken") throw new Error("the port was taken");
  await client(`redis://:earlier@127.0.0.1:${address.port}`).set("key", "kept");

  const { url } = await start();

  expect(await earlier.gone).toBe("exit code 0");
  expect(await client(url).get("key")).toBe("kept");
});

test("the private Redis starts even if an unrelated process has an earlier server's process id", async () => {
  const { folder, start } = await setup();
  await writeFile(join(folder, "redis.pid"), `${process.pid}\n`);
  await writeFile(join(folder, "redis.conf"), `port ${await freePort()}\nrequirepass gone\n`);

  const { url } = await start();

  expect(await client(url).ping()).toBe("PONG");
});

test("the private Redis says when another program has its port", async () => {
  const { folder } = await setup();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void other.close());
  const port = z.object({ port: z.number() }).parse(other.address()).port;
  const command = await redisProgram();

  const outcome = await runRedisServer({ command, folder, address: { port, password: "ours" }, durable: true });

  expect(outcome).toBe("taken");
});

test("the private Redis that cannot start says why", async () => {
  const { folder, start } = await setup();
  const first = await start();
  await first.close();
  const manifest = join(folder, "appendonlydir/appendonly.aof.manifest");
  await writeFile(manifest, `${await readFile(manifest, "utf8")}nonsense\n`);

  await expect(start()).rejects.toThrow(/did not start: exit code 1; it said: .*manifest/s);
});

async function setup() {
  const folder = await tempFolder();
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };

  async function start() {
    const local = await startLocalRedis({ folder, cacheFolder: CACHE_FOLDER, log });
    onTestFinished(() => local.close());
    return local;
  }

  /** In a process group of its own, as a shell starts it. */
  function startParent() {
    const parent = fileURLToPath(new URL("parent.ts", import.meta.url));
    const child = spawn(process.execPath, [parent, folder, CACHE_FOLDER], {
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const says = async <T>(schema: z.ZodType<T>) => schema.parse(JSON.parse(String((await lines.next()).value)));
    return { process: child, says };
  }

  return { folder, log, start, startParent };
}

function client(url: string) {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on("error", () => {});
  onTestFinished(() => redis.disconnect());
  return redis;
}

function addressOf(url: string) {
  const { port, password } = new URL(url);
  return { port: Number(port), password };
}

async function pidOf(redis: Redis): Promise<number> {
  return Number(/process_id:(\d+)/.exec(await redis.info("server"))?.[1]);
}
