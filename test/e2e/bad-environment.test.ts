import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { setupRedis, startOwnRedis } from "../support/redis.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { runToEnd, setupWorld } from "../support/worker-process.ts";

const SECRETS = {
  TENCENTCLOUD_SECRET_KEY: "key-that-nobody-may-see",
  TENCENTCLOUD_SESSION_TOKEN: "token-that-nobody-may-see",
  FORWARD_SECRET: `whsec_${Buffer.from("secret that nobody may ever see").toString("base64")}`,
  DASHBOARD_PASSWORD: "password-that-nobody-may-see",
};
const CREDENTIALS = {
  TENCENTCLOUD_SECRET_ID: "AKIDtest",
  TENCENTCLOUD_SECRET_KEY: SECRETS.TENCENTCLOUD_SECRET_KEY,
};
const FORWARD = { FORWARD_URL: "https://example.com/events", FORWARD_SECRET: SECRETS.FORWARD_SECRET };
/** Nothing listens there: whoever names it must have found the mistake before asking Redis. */
const NO_REDIS = "redis://:redis-password-that-nobody-may-see@127.0.0.1:1";

/** Starts the worker, which must refuse: exit code 2, and nothing on its output but what to mend. */
async function refusalOf(env: Readonly<Record<string, string>>): Promise<string> {
  const { code, text, lines } = await runToEnd(env);
  expect({ code, text }).toEqual({ code: 2, text: expect.not.stringMatching(/^ +at |node:internal/m) });
  expect(lines).toEqual([]);
  for (const secret of [...Object.values(SECRETS), "redis-password"]) expect(text).not.toContain(secret);
  return text;
}

describe.concurrent("without usable settings the worker ends with exit code 2 and says what to mend", () => {
  test("nothing configured: how to use it, and how to try it", async () => {
    const said = await refusalOf({});

    expect(said).toContain("nothing is configured");
    expect(said).toContain("set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY");
    expect(said).toContain("npm run demo");
    expect(said).toMatch(/npm run simulate.*\n.*SECRET_ID=simulator\n.*SECRET_KEY=simulator\n.*ENDPOINT=http:\/\/127/);
  });

  const { TENCENTCLOUD_SECRET_KEY, TENCENTCLOUD_SESSION_TOKEN } = SECRETS;
  test.each<[what: string, env: Record<string, string>, said: string]>([
    [
      "credentials of which half is missing",
      { TENCENTCLOUD_SECRET_KEY },
      "TENCENTCLOUD_SECRET_ID: is not set, but TENCENTCLOUD_SECRET_KEY is; set both\n",
    ],
    [
      "credentials of which the other half is missing",
      { TENCENTCLOUD_SECRET_ID: "AKIDtest" },
      "TENCENTCLOUD_SECRET_KEY: is not set, but TENCENTCLOUD_SECRET_ID is; set both\n",
    ],
    [
      "a token alone",
      { TENCENTCLOUD_SESSION_TOKEN },
      "TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY: are not set, but TENCENTCLOUD_SESSION_TOKEN is; set all three\n",
    ],
    [
      "everything but credentials",
      { TENCENT_VOD_SUB_APP_IDS: "1500000001" },
      "TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY: are not set, but pull and work in ROLES cannot do without; set both\n",
    ],
    [
      "a bad address of the vendor",
      { ...CREDENTIALS, TENCENT_VOD_ENDPOINT: "vod.tencentcloudapi.com" },
      'TENCENT_VOD_ENDPOINT: "vod.tencentcloudapi.com" is not an https:// URL; use one such as https://vod.tencentcloudapi.com\n',
    ],
    [
      "a bad address of Redis",
      { ...CREDENTIALS, REDIS_URL: "http://:redis-password@127.0.0.1" },
      "REDIS_URL: is not a redis:// or rediss:// URL; use one such as redis://user:password@host:6379/0, special characters of the password as %XX\n",
    ],
    [
      "a bad number",
      { ...CREDENTIALS, CONCURRENCY: "many" },
      'CONCURRENCY: "many" is not a whole number; use 1 to 1000\n',
    ],
    ["a number out of range", { ...CREDENTIALS, PORT: "99999" }, 'PORT: "99999" is out of range; use 0 to 65535\n'],
    [
      "a receiver without a secret to sign for it",
      { ...CREDENTIALS, FORWARD_URL: "https://example.com/events" },
      'FORWARD_SECRET: is not set, but FORWARD_URL is; set it, made with: echo "whsec_$(openssl rand -base64 32)"\n',
    ],
  ])("%s", async (_, env, said) => {
    expect(await refusalOf(env)).toBe(said);
  });

  test("several mistakes: all of them in one go, none with its secret", async () => {
    const said = await refusalOf({
      ...SECRETS,
      REDIS_URL: "redis-password",
      ATTEMPTS: "0",
      PARKED: "maybe",
      DASHBOARD_PASSWORD: "short",
    });

    expect(said.trimEnd().split("\n").toSorted()).toEqual([
      expect.stringMatching(/^ATTEMPTS: "0" /),
      expect.stringMatching(/^DASHBOARD_PASSWORD: is shorter/),
      expect.stringMatching(/^FORWARD_URL: is not set/),
      expect.stringMatching(/^PARKED: "maybe" /),
      expect.stringMatching(/^REDIS_URL: is not/),
      expect.stringMatching(/^TENCENTCLOUD_SECRET_ID: is not set/),
    ]);
  });
});

describe("with handlers that cannot be used it ends with exit code 2, whether Redis is there or not", () => {
  const one = `{ vendor: "tencent-vod", type: "FileDeleted", run() {} }`;

  test.each<[what: string, source: string | undefined, said: RegExp]>([
    ["a module that is not there", undefined, /^HANDLERS: \/.*handlers\.ts is no file; check the path\n$/],
    [
      "a module with a syntax error",
      "export default [\n  (;\n];",
      /^HANDLERS: \/.*handlers\.ts cannot be loaded: .*SyntaxError.*handlers\.ts:2\)\n$/,
    ],
    [
      "a module that imports what is not there",
      `import "./gone.ts"; export default [];`,
      /^HANDLERS: \/.*handlers\.ts cannot be loaded: .*gone\.ts/,
    ],
    [
      "no default export",
      "export const handlers = [];",
      /^HANDLERS: \/.*handlers\.ts has no default export; end it with/,
    ],
    [
      "a default export that is no list",
      "export default {};",
      /^HANDLERS: .*handlers\.ts exports an object, not a list/,
    ],
    [
      "an entry that is no handler",
      "export default [() => {}];",
      /^HANDLERS: .*handlers\.ts: entry 0 is a function, not/,
    ],
    [
      "two handlers for one type",
      `export default [${one}, ${one}];`,
      /^HANDLERS: .*handlers\.ts has two handlers for vendor "tencent-vod", type "FileDeleted"; keep one of them\n$/,
    ],
  ])("%s", async (_, source, said) => {
    const file = join(await tempFolder(), "handlers.ts");
    if (source !== undefined) await writeFile(file, source);

    expect(await refusalOf({ ...CREDENTIALS, REDIS_URL: NO_REDIS, HANDLERS: file })).toMatch(said);
  });

  test("a handler for everything beside FORWARD_URL", async () => {
    const file = join(await tempFolder(), "handlers.ts");
    await writeFile(file, `export default [{ vendor: "*", type: "*", run() {} }];`);

    const said = await refusalOf({ ...CREDENTIALS, ...FORWARD, REDIS_URL: NO_REDIS, HANDLERS: file });

    expect(said).toBe('FORWARD_URL: your handlers already have one for every type ("*"); keep one of the two\n');
  });

  test("an archive that cannot be written", async () => {
    const file = join(await tempFolder(), "a-file");
    await writeFile(file, "");

    const said = await refusalOf({ ...CREDENTIALS, REDIS_URL: NO_REDIS, ARCHIVE_DIR: join(file, "archive") });

    expect(said).toBe(`ARCHIVE_DIR: cannot write to ${file}/archive (ENOTDIR); make it a folder of this user\n`);
  });
});

describe("what it cannot have it names, with exit code 2", () => {
  test("a port that another program uses", async () => {
    const { url, prefix } = setupRedis();
    const { env } = await setupWorld({ redisUrl: url, prefix });
    const port = await takePort();

    const { code, text } = await runToEnd({ ...env, PORT: String(port) });

    expect(code).toBe(2);
    expect(lastLine(text)).toBe(
      `PORT: cannot listen on 127.0.0.1 port ${port}: another program uses it; stop that one or set PORT to a free port`,
    );
    expect(text).not.toMatch(/^ +at /m);
  });

  test("an address that this machine does not have", async () => {
    const { url, prefix } = setupRedis();
    const { env } = await setupWorld({ redisUrl: url, prefix });

    const { code, text } = await runToEnd({ ...env, HOST: "203.0.113.7" });

    expect(code).toBe(2);
    expect(lastLine(text)).toMatch(
      /^HOST: cannot listen on 203\.0\.113\.7 .*; set HOST to 127\.0\.0\.1 or 0\.0\.0\.0$/,
    );
  });

  test("a Redis out of reach, or one that never says a word, within some 10 s", async () => {
    const silent = `redis://:redis-password@127.0.0.1:${await takePort()}`;
    const began = performance.now();

    const said = await Promise.all([
      refusalOf({ ...CREDENTIALS, REDIS_URL: NO_REDIS }),
      refusalOf({ ...CREDENTIALS, REDIS_URL: silent }),
      refusalOf({ ...CREDENTIALS, REDIS_URL: "redis://no-such-host.invalid" }),
    ]);

    expect(performance.now() - began).toBeLessThan(15_000);
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

    const text = await refusalOf({ ...CREDENTIALS, REDIS_URL: url.href });

    expect(text).toMatch(said);
    expect(text.startsWith(`REDIS_URL: ${place} `)).toBe(true);
    expect(text.trimEnd()).not.toContain("\n");
    if (url.password) expect(text).not.toContain(url.password);
    expect(performance.now() - began).toBeLessThan(8_000);
  });
});

describe("with a Redis that may lose events it runs, and says so", () => {
  test("one that may evict keys: not ready, with the reason, until that is mended", async () => {
    const { url, prefix } = await startOwnRedis();
    const redis = new Redis(url);
    onTestFinished(() => redis.disconnect());
    await redis.config("SET", "maxmemory-policy", "allkeys-lru");
    const { start } = await setupWorld({ redisUrl: url, prefix });

    const worker = await start();

    const fact = "Redis may evict keys (maxmemory-policy allkeys-lru): events taken in would vanish silently";
    const fix = "set maxmemory-policy noeviction";
    expect(await worker.line("Redis may evict")).toMatchObject({ level: 50, msg: fact, fix });
    await vi.waitFor(async () => {
      const answer = await fetch(`${worker.url}/readyz`);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toEqual({ ready: false, problems: [`${fact}; ${fix}`] });
    }, 10_000);

    await redis.config("SET", "maxmemory-policy", "noeviction");
    await vi.waitFor(async () => expect((await fetch(`${worker.url}/readyz`)).status).toBe(200), 20_000);
  });

  test("one without an append-only file: a warning, and ready", async () => {
    const { url, prefix } = setupRedis();
    const { start } = await setupWorld({ redisUrl: url, prefix });

    const worker = await start();

    const fix = "set appendonly yes and appendfsync always";
    expect(await worker.line("Redis keeps no append-only file")).toMatchObject({ level: 40, fix });
    await vi.waitFor(async () => expect((await fetch(`${worker.url}/readyz`)).status).toBe(200), 10_000);
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
