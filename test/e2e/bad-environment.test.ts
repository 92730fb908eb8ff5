import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CREDENTIALS, mistakeIn, NO_REDIS, refusalOf, SECRETS } from "../support/refused-start.ts";
import { tempFolder } from "../support/temp-folder.ts";

describe.concurrent("without usable settings the worker exits with 2 and says how to fix them:", () => {
  test("nothing configured", async () => {
    const said = await refusalOf({});

    expect(said).toContain("nothing is configured");
    expect(said).toMatch(/Tencent VOD +TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY\n/);
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
      "REDIS_URL: is not a redis://, rediss://, redis+sentinel:// or redis+cluster:// URL; use one such as redis://user:password@host:6379/0, special characters of the password as %XX\n",
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
    expect(await mistakeIn(env)).toBe(said);
  });

  test("several mistakes, which are all reported at once and without secrets", async () => {
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

describe("with handlers that cannot be used the worker exits with 2, with and without Redis:", () => {
  test("a module with a syntax error", async () => {
    const file = join(await tempFolder(), "handlers.ts");
    await writeFile(file, "export default [\n  (;\n];");

    expect(await refusalOf({ ...CREDENTIALS, REDIS_URL: NO_REDIS, HANDLERS: file })).toMatch(
      /^HANDLERS: \/.*handlers\.ts cannot be loaded: .*SyntaxError.*handlers\.ts:2\)\n$/,
    );
  });

  test("a handler for everything beside FORWARD_URL", async () => {
    const file = join(await tempFolder(), "handlers.ts");
    await writeFile(file, `export default [{ vendor: "*", type: "*", run() {} }];`);

    const said = await mistakeIn({
      ...CREDENTIALS,
      FORWARD_URL: "https://example.com/events",
      FORWARD_SECRET: SECRETS.FORWARD_SECRET,
      REDIS_URL: NO_REDIS,
      HANDLERS: file,
    });

    expect(said).toBe('FORWARD_URL: your handlers already have one for every type ("*"); keep one of the two\n');
  });

  test("an archive that cannot be written", async () => {
    const file = join(await tempFolder(), "a-file");
    await writeFile(file, "");

    const said = await mistakeIn({ ...CREDENTIALS, REDIS_URL: NO_REDIS, ARCHIVE_DIR: join(file, "archive") });

    expect(said).toBe(`ARCHIVE_DIR: cannot write to ${file}/archive (ENOTDIR); make it a folder of this user\n`);
  });
});
