import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { notesOnProxies } from "../../src/config/proxies.ts";
import { VARIABLES } from "../../src/config/all-settings.ts";
import { credentials, forwardSecret, plain } from "./support.ts";

describe("the configuration", () => {
  test("needs only credentials: everything else has a default", () => {
    const config = readConfig(credentials);

    expect(config).toEqual({
      vendors: [
        expect.objectContaining({
          name: "tencent-vod",
          pull: {
            secretId: "AKIDtest",
            secretKey: "key-of-test",
            applications: [undefined],
            endpoint: "https://vod.tencentcloudapi.com",
            windowMs: 30_000,
            maxCallsPerSecond: 100,
            isPushed: false,
            proxyEnv: {},
          },
        }),
      ],
      callbacks: { maxBytesInHand: 33_554_432, limits: { maxWaiting: 20_000, maxWaitingBytes: 134_217_728 } },
      confirmGraceMs: 15_000,
      redis: { prefix: "reliable-callback", folder: ".data", fullAt: 0.85, waitReplicas: 0 },
      queue: {
        concurrency: 32,
        attempts: 20,
        maxCrashes: 5,
        handlerTimeoutMs: 600_000,
        backoffMs: 1_000,
        maxWaiting: 10_000,
        maxHeld: 10_000,
      },
      history: { events: 200_000, days: 7 },
      http: { host: "127.0.0.1", port: 3_000 },
      roles: ["pull", "work", "http"],
      parked: "hold",
      unhandled: "park",
      shutdownGraceMs: 25_000,
      logLevel: "info",
      notes: [],
    });
  });

  test("has a place for every setting that belongs to no vendor", () => {
    const proxyEnv = { HTTPS_PROXY: "http://proxy:3128", HTTP_PROXY: "http://proxy:3129", NO_PROXY: "localhost" };
    const config = readConfig({
      ...credentials,
      CALLBACK_SUFFIX: "0123456789abcdef",
      CALLBACK_MAX_BYTES_IN_HAND: "8388608",
      CALLBACK_MAX_WAITING: "5",
      CALLBACK_MAX_WAITING_BYTES: "16777216",
      CONFIRM_GRACE_MS: "12500",
      ...proxyEnv,
      REDIS_URL: "rediss://user:pass@redis.example:6380/2",
      REDIS_SERVER: "fetch",
      QUEUE_PREFIX: "video:events",
      CONCURRENCY: "8",
      ATTEMPTS: "3",
      MAX_CRASHES: "2",
      HANDLER_TIMEOUT_MS: "5000",
      BACKOFF_MS: "50",
      MAX_WAITING: "70",
      MAX_HELD: "60",
      HISTORY_EVENTS: "0",
      HISTORY_DAYS: "2",
      HANDLERS: "./my-handlers.ts",
      FORWARD_URL: "http://receiver.internal/events?tenant=7",
      FORWARD_SECRET: forwardSecret,
      ARCHIVE_DIR: "/var/archive",
      HOST: "::",
      PORT: "0",
      DASHBOARD_USER: "ops",
      DASHBOARD_PASSWORD: "long enough ",
      ROLES: "http,pull",
      PARKED: "confirm",
      UNHANDLED: "confirm",
      SHUTDOWN_GRACE_MS: "1000",
      LOG_LEVEL: "debug",
    });

    expect(config).toEqual({
      vendors: [
        expect.objectContaining({ name: "tencent-vod", pull: expect.objectContaining({ proxyEnv }) }),
        expect.objectContaining({ name: "alibaba-vod" }),
      ],
      callbacks: {
        suffixes: ["0123456789abcdef"],
        maxBytesInHand: 8_388_608,
        limits: { maxWaiting: 5, maxWaitingBytes: 16_777_216 },
      },
      confirmGraceMs: 12_500,
      redis: {
        url: "rediss://user:pass@redis.example:6380/2",
        prefix: "video:events",
        server: "fetch",
        folder: ".data",
        fullAt: 0.85,
        waitReplicas: 0,
      },
      queue: {
        concurrency: 8,
        attempts: 3,
        maxCrashes: 2,
        handlerTimeoutMs: 5_000,
        backoffMs: 50,
        maxWaiting: 70,
        maxHeld: 60,
      },
      history: { events: 0, days: 2 },
      handlersPath: "./my-handlers.ts",
      forward: { url: "http://receiver.internal/events?tenant=7", secrets: [forwardSecret], format: "standard" },
      archive: { dir: "/var/archive", keepDays: 90 },
      http: { host: "::", port: 0, dashboard: { user: "ops", password: "long enough " } },
      roles: ["pull", "http"],
      parked: "confirm",
      unhandled: "confirm",
      shutdownGraceMs: 1_000,
      logLevel: "debug",
      notes: [],
    });
  });

  test("lets the pages have a port of their own, and port 0 means any free one", () => {
    expect(readConfig({ ...credentials, PAGES_PORT: "3001" }).http).toMatchObject({ port: 3_000, pagesPort: 3_001 });
    expect(readConfig({ ...credentials, PORT: "0", PAGES_PORT: "0" }).http).toMatchObject({ port: 0, pagesPort: 0 });
    expect(readConfig(credentials).http).not.toHaveProperty("pagesPort");
  });

  test("treats an empty value as unset", () => {
    const empty = Object.fromEntries(VARIABLES.map((name) => [name, " "]));

    expect(plain(readConfig({ ...empty, REDIS_URL_FILE: "", ...credentials }))).toEqual(plain(readConfig(credentials)));
  });

  test("ignores white space around a value that is no secret", () => {
    expect(readConfig({ ...credentials, PORT: " 8080 ", PARKED: "confirm\n" })).toMatchObject({
      http: { port: 8080 },
      parked: "confirm",
    });
  });

  test("cannot be changed after it was read, at any depth", () => {
    const { vendors, roles, queue, notes } = readConfig(credentials);

    for (const part of [vendors, vendors[0], vendors[0]?.pull, roles, queue, notes]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  test("reads a proxy from a lower-case name too, which wins as in other programs", () => {
    const env = { ...credentials, https_proxy: "http://lower:1", HTTPS_PROXY: "http://upper:1", no_proxy: "a,b" };

    expect(readConfig(env).vendors).toMatchObject([
      { pull: { proxyEnv: { HTTPS_PROXY: "http://lower:1", NO_PROXY: "a,b" } } },
    ]);
  });

  test("uses the user name admin if only a dashboard password is set", () => {
    expect(readConfig({ ...credentials, DASHBOARD_PASSWORD: "123456789012" }).http.dashboard).toEqual({
      user: "admin",
      password: "123456789012",
    });
  });

  test("needs no credentials in a process that only serves HTTP", () => {
    const config = readConfig({ ROLES: "http", REDIS_URL: "redis://localhost" });

    expect(config.roles).toEqual(["http"]);
    expect(config.vendors).toEqual([]);
  });
});

describe("notes on the settings", () => {
  test.each([
    ["FORWARD_ULR", "FORWARD_ULR: is not a setting of this worker; did you mean FORWARD_URL?"],
    ["DASHBOARD_PASS", "DASHBOARD_PASS: is not a setting of this worker; did you mean DASHBOARD_PASSWORD?"],
    [
      "TENCENTCLOUD_SECURITY_TOKEN",
      "TENCENTCLOUD_SECURITY_TOKEN: is not a setting of this worker; did you mean TENCENTCLOUD_SESSION_TOKEN?",
    ],
    [
      "TENCENT_VOD_SUBAPP_IDS",
      "TENCENT_VOD_SUBAPP_IDS: is not a setting of this worker; did you mean TENCENT_VOD_SUB_APP_IDS?",
    ],
    ["QUEUE_PERFIX", "QUEUE_PERFIX: is not a setting of this worker; did you mean QUEUE_PREFIX?"],
    ["TENCENTCLOUD_REGION", "TENCENTCLOUD_REGION: is not a setting of this worker and changes nothing"],
  ])("an unknown %s gets a note, and is not refused", (name, note) => {
    expect(readConfig({ ...credentials, [name]: "x" }).notes).toEqual([note]);
  });

  test("variables of other programs get no note", () => {
    const env = {
      ...credentials,
      PATH: "/bin",
      QUEUE_SERVICE_HOST: "10.0.0.1",
      QUEUE_PORT: "tcp://10.0.0.1:80",
      FORWARD_X: "",
    };

    expect(readConfig({ ...env, QUEUE_PORT_80_TCP_ADDR: "10.0.0.1" }).notes).toEqual([]);
  });

  test("a proxy that cannot be used is left out, and its note does not show its value", () => {
    const { vendors, notes } = readConfig({ ...credentials, HTTPS_PROXY: "socks5://user:s3cret@proxy:1080" });

    expect(vendors[0]?.clock?.proxyEnv).toEqual({});
    expect(notes).toEqual(["HTTPS_PROXY: is not an http:// or https:// URL and is not used"]);
  });

  test("a proxy that this Node cannot use gets a note, and an address that is no URL gets only the note for that", () => {
    const proxies = { HTTPS_PROXY: "http://user:s3cret@proxy:3128", HTTP_PROXY: "proxy", NO_PROXY: undefined };

    expect(notesOnProxies(proxies, true)).toEqual([expect.stringContaining("HTTP_PROXY: is not")]);
    expect(notesOnProxies(proxies, false)).toEqual([
      `HTTPS_PROXY: Node ${process.versions.node} cannot use it, calls to vendors go directly; run Node 24.5 or newer`,
      expect.stringContaining("HTTP_PROXY: is not"),
    ]);
  });
});
