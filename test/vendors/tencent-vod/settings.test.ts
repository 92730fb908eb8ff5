import { describe, expect, test } from "vitest";
import { readConfig } from "../../../src/config/config.ts";
import { credentials, mistakesIn, vendorIn } from "../../config/support.ts";

const SUFFIX = "0123456789abcdef";
const vod = (env: Record<string, string>) => vendorIn("tencent-vod", env);

test("every setting of Tencent VOD has its place in the configuration", () => {
  const settings = {
    ...credentials,
    TENCENTCLOUD_SESSION_TOKEN: "token",
    TENCENT_VOD_SUB_APP_IDS: "1500000001, 251000333",
    TENCENT_VOD_ENDPOINT: "http://127.0.0.1:9100",
    TENCENT_VOD_CONFIRM_WINDOW_MS: "600",
    TENCENT_VOD_MAX_QPS: "400",
    TENCENT_VOD_SIGN_KEY: "new-key, old-key",
  };

  expect(vod(settings)).toMatchObject({
    pull: {
      secretId: "AKIDtest",
      secretKey: "key-of-test",
      sessionToken: "token",
      applications: [1500000001, 251000333],
      endpoint: "http://127.0.0.1:9100",
      windowMs: 600,
      maxCallsPerSecond: 400,
      isPushed: true,
    },
    push: { signKeys: ["new-key", "old-key"], applications: [1500000001, 251000333] },
    clock: { url: "http://127.0.0.1:9100" },
  });
});

test.each(["https://vod.intl.tencentcloudapi.com", "http://localhost:1", "http://127.9.9.9:1", "http://[::1]:1"])(
  "TENCENT_VOD_ENDPOINT may be %s",
  (endpoint) => {
    expect(vod({ ...credentials, TENCENT_VOD_ENDPOINT: endpoint })?.pull).toMatchObject({ endpoint });
  },
);

describe("the doors of Tencent VOD", () => {
  test("are closed by default", () => {
    const { pull, push } = vod(credentials) ?? {};

    expect(pull).toBeDefined();
    expect(push).toBeUndefined();
    expect(vod({ ROLES: "http", REDIS_URL: "redis://redis" })).toBeUndefined();
  });

  test("open for callbacks with a key, or with an unguessable path", () => {
    expect(vod({ TENCENT_VOD_SIGN_KEY: "key" })?.push).toMatchObject({ signKeys: ["key"] });
    expect(vod({ CALLBACK_SUFFIX: SUFFIX })?.push).toMatchObject({ signKeys: [] });
    expect(vod({ CALLBACK_SUFFIX: SUFFIX })?.pull).toBeUndefined();
  });
});

describe("mistakes in Tencent's settings:", () => {
  test.each([
    [
      "TENCENTCLOUD_SECRET_KEY",
      "top secret",
      "TENCENTCLOUD_SECRET_KEY: has white space or unusual characters in it; copy it again",
    ],
    ["TENCENT_VOD_MAX_QPS", "0", 'TENCENT_VOD_MAX_QPS: "0" is out of range; use 1 to 10000'],
    [
      "TENCENT_VOD_CONFIRM_WINDOW_MS",
      "9".repeat(90),
      `TENCENT_VOD_CONFIRM_WINDOW_MS: "${"9".repeat(80)}…" is out of range; use 50 to 3600000`,
    ],
    [
      "TENCENT_VOD_SUB_APP_IDS",
      "1500000001,app",
      'TENCENT_VOD_SUB_APP_IDS: "app" is not a SubAppId; use its digits, several with commas between them',
    ],
    [
      "TENCENT_VOD_SUB_APP_IDS",
      "9007199254740993",
      'TENCENT_VOD_SUB_APP_IDS: "9007199254740993" is not a SubAppId; use its digits, several with commas between them',
    ],
    [
      "TENCENT_VOD_SUB_APP_IDS",
      "0",
      'TENCENT_VOD_SUB_APP_IDS: "0" is not a SubAppId; use its digits, several with commas between them',
    ],
    [
      "TENCENT_VOD_SUB_APP_IDS",
      "15,16,015",
      'TENCENT_VOD_SUB_APP_IDS: "015" stands there twice; name each application once',
    ],
    [
      "TENCENT_VOD_ENDPOINT",
      "vod.tencentcloudapi.com",
      'TENCENT_VOD_ENDPOINT: "vod.tencentcloudapi.com" is not an https:// URL; use one such as https://vod.tencentcloudapi.com',
    ],
    [
      "TENCENT_VOD_ENDPOINT",
      "https://vod.tencentcloudapi.com/v2?x=1",
      'TENCENT_VOD_ENDPOINT: "https://vod.tencentcloudapi.com/v2?…" has more than a scheme, a host and a port; use https://vod.tencentcloudapi.com',
    ],
    [
      "TENCENT_VOD_ENDPOINT",
      "http://simulator:9100",
      'TENCENT_VOD_ENDPOINT: "http://simulator:9100" is not encrypted; use https:// (http:// only for a simulator on 127.0.0.1)',
    ],
    [
      "TENCENT_VOD_ENDPOINT",
      "http://127.0.0.1.example:9100",
      'TENCENT_VOD_ENDPOINT: "http://127.0.0.1.example:9100" is not encrypted; use https:// (http:// only for a simulator on 127.0.0.1)',
    ],
    [
      "CONFIRM_GRACE_MS",
      "10000",
      "CONFIRM_GRACE_MS: 10000 is no longer than a pull may take; with a window of 30000 use more than 10000",
    ],
  ])("%s=%s is refused, with a value to write instead", (name, value, mistake) => {
    expect(mistakesIn({ ...credentials, [name]: value })).toEqual([mistake]);
  });

  test.each([
    [{ TENCENTCLOUD_SECRET_ID: "x" }, "TENCENTCLOUD_SECRET_KEY: is not set, but TENCENTCLOUD_SECRET_ID is; set both"],
    [{ TENCENTCLOUD_SECRET_KEY: "x" }, "TENCENTCLOUD_SECRET_ID: is not set, but TENCENTCLOUD_SECRET_KEY is; set both"],
    [
      { TENCENTCLOUD_SESSION_TOKEN: "x" },
      "TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY: are not set, but TENCENTCLOUD_SESSION_TOKEN is; set all three",
    ],
    [
      { TENCENT_VOD_SUB_APP_IDS: "1500000001" },
      "TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY: are not set, but pull and work in ROLES cannot do without; set both",
    ],
    [
      { CALLBACK_SUFFIX: SUFFIX, TENCENT_VOD_SUB_APP_IDS: "1500000001" },
      "TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY: are not set, but pull and work in ROLES cannot do without; set both",
    ],
  ])("credentials: %o gives the missing setting", (env, mistake) => {
    expect(mistakesIn(env)).toEqual([mistake]);
  });

  test("half of the credentials is a mistake even if none are needed", () => {
    expect(mistakesIn({ ROLES: "http", REDIS_URL: "redis://redis", TENCENTCLOUD_SECRET_ID: "x" })).toEqual([
      "TENCENTCLOUD_SECRET_KEY: is not set, but TENCENTCLOUD_SECRET_ID is; set both",
    ]);
  });

  test("a short window, as a simulator has, allows a proportional grace", () => {
    const env = { ...credentials, TENCENT_VOD_ENDPOINT: "http://127.0.0.1:1", TENCENT_VOD_CONFIRM_WINDOW_MS: "900" };

    expect(readConfig({ ...env, CONFIRM_GRACE_MS: "301" }).confirmGraceMs).toBe(301);
    expect(mistakesIn({ ...env, CONFIRM_GRACE_MS: "300" })).toEqual([
      "CONFIRM_GRACE_MS: 300 is no longer than a pull may take; with a window of 900 use more than 300",
    ]);
  });
});

test("a window other than the vendor's gets a note, except for a simulator", () => {
  const env = { ...credentials, TENCENT_VOD_CONFIRM_WINDOW_MS: "60000" };

  expect(readConfig({ ...env, TENCENT_VOD_ENDPOINT: "http://localhost:1" }).notes).toEqual([]);
  expect(readConfig(env).notes).toEqual([
    "TENCENT_VOD_CONFIRM_WINDOW_MS: 60000 is not the 30000 that Tencent keeps; only a simulator takes another",
  ]);
});
