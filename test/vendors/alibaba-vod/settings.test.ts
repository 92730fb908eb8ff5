import { describe, expect, test } from "vitest";
import { readConfig } from "../../../src/config/config.ts";
import { credentials, mistakesIn, vendorIn } from "../../config/support.ts";

const SUFFIX = "0123456789abcdef";
const KEYS = { ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAItest", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "alibaba-secret" };
const PULL = {
  ...KEYS,
  ALIBABA_MNS_ENDPOINT: "https://17.mns.cn-shanghai.aliyuncs.com",
  ALIBABA_MNS_QUEUES: "vod-events,vod-more",
};
const vod = (env: Record<string, string>) => vendorIn("alibaba-vod", env);

test("every setting of Alibaba Cloud VOD has its place in the configuration", () => {
  const settings = {
    ...PULL,
    ALIBABA_CLOUD_SECURITY_TOKEN: "sts",
    ALIBABA_MNS_SIGNATURE: "v4",
    ALIBABA_VOD_CALLBACK_URLS: "https://example.com/a,https://example.com/b?c=d",
    ALIBABA_VOD_AUTH_KEYS: "auth-key",
  };

  expect(vod(settings)).toMatchObject({
    pull: {
      accessKeyId: "LTAItest",
      accessKeySecret: "alibaba-secret",
      securityToken: "sts",
      endpoint: "https://17.mns.cn-shanghai.aliyuncs.com",
      queues: ["vod-events", "vod-more"],
      signature: "v4",
      proxyEnv: {},
    },
    push: { callbackUrls: ["https://example.com/a", "https://example.com/b?c=d"], authKeys: ["auth-key"] },
  });
});

describe("the doors of Alibaba Cloud VOD", () => {
  test("can each be opened alone", () => {
    expect(vod(PULL)?.push).toBeUndefined();
    expect(vod({ CALLBACK_SUFFIX: SUFFIX })).toMatchObject({ push: { callbackUrls: [], authKeys: [] } });
    expect(vod({ CALLBACK_SUFFIX: SUFFIX })?.pull).toBeUndefined();
  });

  test("stay closed with a key pair alone, which other programs may have set", () => {
    expect(vod({ ...credentials, ...KEYS })).toBeUndefined();
    expect(mistakesIn(KEYS)).toEqual([expect.stringContaining("nothing is configured")]);
  });
});

test("a CONFIRM_GRACE_MS shorter than MNS' long poll gets a note", () => {
  expect(readConfig(PULL).notes).toEqual([]);
  expect(readConfig({ ...PULL, CONFIRM_GRACE_MS: "11000" }).notes).toEqual([
    "CONFIRM_GRACE_MS: 11000 is no longer than a pull from Alibaba Cloud VOD may take; use more than 12000",
  ]);
});

test.each([
  [
    "half of the settings of MNS",
    { ALIBABA_MNS_QUEUES: "q" },
    /ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABA_MNS_ENDPOINT: not set/,
  ],
  ["AuthKeys without the URL they sign", { ALIBABA_VOD_AUTH_KEYS: "k" }, /^ALIBABA_VOD_CALLBACK_URLS: is not set/],
  [
    "a URL that anyone may call",
    { ALIBABA_VOD_CALLBACK_URLS: "https://e.com/x" },
    /^ALIBABA_VOD_AUTH_KEYS: is not set/,
  ],
  [
    "a URL that is none",
    { CALLBACK_SUFFIX: SUFFIX, ALIBABA_VOD_CALLBACK_URLS: "e.com/x" },
    /^ALIBABA_VOD_CALLBACK_URLS: "e.com\/x" is not/,
  ],
  ["a queue named twice", { ...PULL, ALIBABA_MNS_QUEUES: "a,a" }, /^ALIBABA_MNS_QUEUES: names a queue twice/],
  [
    "a queue with a strange name",
    { ...PULL, ALIBABA_MNS_QUEUES: "a/b" },
    /^ALIBABA_MNS_QUEUES: "a\/b" is not the name/,
  ],
  [
    "an endpoint in the clear",
    { ...PULL, ALIBABA_MNS_ENDPOINT: "http://17.mns.cn.aliyuncs.com" },
    /^ALIBABA_MNS_ENDPOINT: .* is not encrypted/,
  ],
  [
    "an endpoint that is no URL",
    { ...PULL, ALIBABA_MNS_ENDPOINT: "mns" },
    /is not an https:\/\/ URL; use one such as https:\/\/1234567890\.mns/,
  ],
])("%s is a mistake in the settings of Alibaba Cloud VOD", (_, env, message) => {
  expect(mistakesIn(env)).toEqual([expect.stringMatching(message)]);
});
