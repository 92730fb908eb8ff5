import { describe, expect, test } from "vitest";
import { ConfigError, readConfig } from "../../src/config/config.ts";
import { credentials } from "./support.ts";

const SUFFIX = "0123456789abcdef";
const mns = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAItest",
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: "alibaba-secret",
  ALIBABA_MNS_ENDPOINT: "https://17.mns.cn-shanghai.aliyuncs.com",
  ALIBABA_MNS_QUEUES: "vod-events",
};

const sqs = {
  AWS_ACCESS_KEY_ID: "AKIAtest",
  AWS_SECRET_ACCESS_KEY: "aws-secret",
  AWS_MEDIACONVERT_QUEUE_URLS:
    "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs,http://127.0.0.1:1/000000000000/q",
};

function mistakesOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (err) {
    if (err instanceof ConfigError) return err.mistakes;
    throw err;
  }
}

describe("which doors are open", () => {
  test("any one of them is enough", () => {
    for (const env of [
      credentials,
      mns,
      sqs,
      { ZEGO_CALLBACK_SECRETS: "secret" },
      { TENCENT_VOD_SIGN_KEY: "key" },
      { CALLBACK_SUFFIX: SUFFIX },
    ])
      expect(mistakesOf(env)).toEqual([]);
  });

  test("an unset group switches its door off", () => {
    expect(readConfig(credentials).callbacks).toEqual({});
    expect(readConfig(mns).tencentVod).toBeUndefined();
    expect(readConfig({ ZEGO_CALLBACK_SECRETS: "secret" }).callbacks).toEqual({ zegocloud: { secrets: ["secret"] } });
  });

  test("the suffix alone opens those whose vendors need not sign, and not ZEGOCLOUD's", () => {
    expect(readConfig({ CALLBACK_SUFFIX: SUFFIX }).callbacks).toEqual({
      suffix: SUFFIX,
      tencentVod: { signKeys: [] },
      alibabaVod: { callbackUrls: [], authKeys: [] },
    });
  });

  test("credentials of Alibaba and AWS alone, which other programs may have set, open nothing", () => {
    const { ALIBABA_MNS_ENDPOINT: _, ALIBABA_MNS_QUEUES: _queues, ...alibaba } = mns;
    const { AWS_MEDIACONVERT_QUEUE_URLS: _urls, ...aws } = sqs;
    const { alibabaMns, awsMediaconvert } = readConfig({ ...credentials, ...alibaba, ...aws });
    expect([alibabaMns, awsMediaconvert]).toEqual([undefined, undefined]);
    expect(mistakesOf({ ...alibaba, ...aws })).toEqual([expect.stringContaining("nothing is configured")]);
  });
});

test("a grace that MNS's long poll outlasts is noted", () => {
  expect(readConfig(mns).notes).toEqual([]);
  expect(readConfig({ ...mns, CONFIRM_GRACE_MS: "11000" }).notes).toEqual([
    expect.stringMatching(/^CONFIRM_GRACE_MS: 11000 is no longer/),
  ]);
});

describe("what is a mistake", () => {
  test.each([
    [
      "half of MNS's settings",
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
    ["a suffix that can be guessed", { CALLBACK_SUFFIX: "short" }, /^CALLBACK_SUFFIX: is not 16 to 128/],
    [
      "a suffix that is no part of a path",
      { CALLBACK_SUFFIX: "0123456789/abcdef" },
      /^CALLBACK_SUFFIX: is not 16 to 128/,
    ],
    ["a queue named twice", { ...mns, ALIBABA_MNS_QUEUES: "a,a" }, /^ALIBABA_MNS_QUEUES: names a queue twice/],
    [
      "a queue with a strange name",
      { ...mns, ALIBABA_MNS_QUEUES: "a/b" },
      /^ALIBABA_MNS_QUEUES: "a\/b" is not the name/,
    ],
    [
      "half of SQS's settings",
      { AWS_MEDIACONVERT_QUEUE_URLS: sqs.AWS_MEDIACONVERT_QUEUE_URLS },
      /^AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: not set, but pulling from SQS needs/,
    ],
    ...[
      "http://sqs.eu-west-1.amazonaws.com/123456789012/q",
      "https://sqs.eu-west-1.amazonaws.com/123456789012/q.fifo",
    ].map((url): [string, Record<string, string>, RegExp] => [
      `a queue at ${url}`,
      { ...sqs, AWS_MEDIACONVERT_QUEUE_URLS: url },
      /^AWS_MEDIACONVERT_QUEUE_URLS: .* is not the URL of a standard queue/,
    ]),
    [
      "two queues that would be one source",
      { ...sqs, AWS_MEDIACONVERT_QUEUE_URLS: "http://[::1]/000000000000/q,http://[::1]/111111111111/q" },
      /^AWS_MEDIACONVERT_QUEUE_URLS: has two queues of one name/,
    ],
    [
      "an MNS endpoint in the clear",
      { ...mns, ALIBABA_MNS_ENDPOINT: "http://17.mns.cn.aliyuncs.com" },
      /^ALIBABA_MNS_ENDPOINT: .* is not encrypted/,
    ],
    [
      "callbacks that nobody listens for",
      { ZEGO_CALLBACK_SECRETS: "s", ROLES: "work", REDIS_URL: "redis://r" },
      /^ROLES: http is missing/,
    ],
    [
      "an application without the credentials to pull it",
      { ZEGO_CALLBACK_SECRETS: "s", TENCENT_VOD_SUB_APP_IDS: "15" },
      /^TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY: are not set/,
    ],
    [
      "secrets with white space in them",
      { ZEGO_CALLBACK_SECRETS: "one two" },
      /^ZEGO_CALLBACK_SECRETS: has white space/,
    ],
  ])("%s", (_, env, message) => {
    expect(mistakesOf(env)).toEqual([expect.stringMatching(message)]);
  });

  test("no mistake shows a secret", () => {
    const text = mistakesOf({
      ZEGO_CALLBACK_SECRETS: "very secret",
      CALLBACK_SUFFIX: "also secret",
      TENCENT_VOD_SIGN_KEY: "top secret",
    }).join();
    expect(text).toContain("CALLBACK_SUFFIX");
    expect(text).not.toMatch(/very|also|top/);
  });
});
