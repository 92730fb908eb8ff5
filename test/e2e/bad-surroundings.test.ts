import { createServer } from "node:net";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { keysUnder, setupRedis, startOwnRedis } from "../support/redis.ts";
import { CREDENTIALS, mistakeIn, NO_REDIS, refusalOf } from "../support/refused-start.ts";
import { runToEnd } from "../support/process.ts";
import { setupWorld } from "../support/worker-process.ts";

describe("the worker names what it cannot use, and exits:", () => {
  test("a port that another program uses", async () => {
    const { env } = await setupWorld();
    const port = await takePort();

    const { code, text } = await runToEnd({ ...env, PORT: String(port) });

    expect(code).toBe(2);
    expect(lastLine(text)).toBe(
      `PORT: cannot listen on 127.0.0.1 port ${port}: another program uses it; stop that one or set PORT to a free port`,
    );
    expect(text).not.toMatch(/^ +at /m);
  });

  test("data of another layout, which it does not change", async () => {
    const { redis, url, keys, prefix } = setupRedis();
    await redis.set(keys.shared.layout, "99");

    const text = await refusalOf({ ...CREDENTIALS, REDIS_URL: url, QUEUE_PREFIX: prefix });

    expect(lastLine(text)).toMatch(
      /^QUEUE_PREFIX: the data under .* has layout 99 of a newer version, .*; run the version/,
    );
    expect(await keysUnder(redis, prefix)).toEqual([keys.shared.layout]);
  });

  test("an address that this machine does not have", async () => {
    const { env } = await setupWorld();

    const { code, text } = await runToEnd({ ...env, HOST: "203.0.113.7" });

    expect(code).toBe(2);
    expect(lastLine(text)).toMatch(
      /^HOST: cannot listen on 203\.0\.113\.7 .*; set HOST to 127\.0\.0\.1 or 0\.0\.0\.0$/,
    );
  });

  test("a Redis that is out of reach, or never answers, after about 10 s", async () => {
    const silent = `redis://:redis-password@127.0.0.1:${await takePort()}`;
    const began = performance.now();

    // Exit code 1: Redis may come back by itself, so a supervisor should start the worker again.
    const said = await Promise.all([
      refusalOf({ ...CREDENTIALS, REDIS_URL: NO_REDIS }, 1),
      refusalOf({ ...CREDENTIALS, REDIS_URL: silent }, 1),
      refusalOf({ ...CREDENTIALS, REDIS_URL: "redis://no-such-host.invalid" }, 1),
    ]);

    expect(performance.now() - began).toBeLessThan(40_000);
    expect(said).toEqual([
      "REDIS_URL: no Redis answers at 127.0.0.1:1 within 10 s (connect ECONNREFUSED 127.0.0.1:1); start it, or correct the address\n",
      expect.stringMatching(/^REDIS_URL: no Redis answers at 127\.0\.0\.1:\d+ within 10 s \(.*\); start it, or .*\n$/),
      expect.stringMatching(/^REDIS_URL: no Redis answers at no-such-host\.invalid:6379 .*ENOTFOUND.*\n$/),
    ]);
  });

  test.each([
    [
      "a wrong password of Redis",
      { password: "redis-password" },
      /refuses the user or password \(WRONGPASS .*check both/,
    ],
    ["a user Redis does not know", { username: "nobody" }, /refuses the user or password \(WRONGPASS .*check both/],
    ["no password for a Redis that wants one", { password: "" }, /wants a password; put it into the URL/],
    [
      "a database Redis does not have",
      { pathname: "/4711" },
      /has no such database \(ERR DB index.*correct the number/,
    ],
  ])("%s, at once", async (_, change, said) => {
    const url = new URL(setupRedis().url);
    const place = url.host;
    Object.assign(url, change);
    const began = performance.now();

    const text = await mistakeIn({ ...CREDENTIALS, REDIS_URL: url.href });

    expect(text).toMatch(said);
    expect(text.startsWith(`REDIS_URL: ${place} `)).toBe(true);
    expect(text.trimEnd()).not.toContain("\n");
    if (url.password) expect(text).not.toContain(url.password);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe("a worker starts and reports a Redis that may lose events:", () => {
  test("if Redis may evict keys, it is not ready and gives the reason, until that is fixed", async () => {
    const own = await startOwnRedis();
    const redis = new Redis(own.url);
    onTestFinished(() => redis.disconnect());
    await redis.config("SET", "maxmemory-policy", "allkeys-lru");
    const { start } = await setupWorld({ redis: own });

    const worker = await start();

    const fact = "Redis may evict keys (maxmemory-policy allkeys-lru): events taken in would vanish silently";
    const fix = "set maxmemory-policy noeviction";
    expect(await worker.line("Redis may evict")).toMatchObject({ level: 50, msg: fact, fix });
    await vi.waitFor(async () => {
      const answer = await fetch(`${worker.url}/readyz`);
      expect(answer.status).toBe(503);
      const since = expect.any(String);
      const problems = [{ code: "redis-evicts", fact, fix, since }];
      expect(await answer.json()).toEqual({ state: "not-ready", ready: false, problems });
    });

    await redis.config("SET", "maxmemory-policy", "noeviction");
    await vi.waitFor(async () => expect((await fetch(`${worker.url}/readyz`)).status).toBe(200));
  });

  test("if Redis has no append-only file, it logs a warning and is ready", async () => {
    const { start } = await setupWorld();

    const worker = await start();

    const fix = "set appendonly yes and appendfsync always";
    expect(await worker.line("Redis keeps no append-only file")).toMatchObject({ level: 40, fix });
    await vi.waitFor(async () => expect((await fetch(`${worker.url}/readyz`)).status).toBe(200));
  });
});

/** A port where somebody listens and never answers. */
async function takePort(): Promise<number> {
  const server = createServer((socket) => socket.on("error", () => {}).resume()).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await vi.waitFor(() => expect(server.listening).toBe(true));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
