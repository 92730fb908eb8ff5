import { expect, test } from "vitest";
import { readConfig } from "../../../src/config/config.ts";
import { credentials, mistakesIn, vendorIn } from "../../config/support.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAtest", AWS_SECRET_ACCESS_KEY: "aws-secret" };
const QUEUES = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs,http://127.0.0.1:1/000000000000/q";
const PULL = { ...KEYS, AWS_MEDIACONVERT_QUEUE_URLS: QUEUES };
const mediaConvert = (env: Record<string, string>) => vendorIn("aws-mediaconvert", env);

test("every setting of MediaConvert has its place in the configuration", () => {
  expect(mediaConvert({ ...PULL, AWS_SESSION_TOKEN: "token" })?.pull).toEqual({
    accessKeyId: "AKIAtest",
    secretAccessKey: "aws-secret",
    sessionToken: "token",
    queueUrls: QUEUES.split(","),
  });
});

test("a key pair alone, which other programs may have set, opens no door of MediaConvert", () => {
  expect(mediaConvert({ ...credentials, ...KEYS })).toBeUndefined();
  expect(mistakesIn(KEYS)).toEqual([expect.stringContaining("nothing is configured")]);
});

test("a CONFIRM_GRACE_MS shorter than SQS' long poll gets a note", () => {
  expect(readConfig({ ...PULL, CONFIRM_GRACE_MS: "11000" }).notes).toEqual([
    "CONFIRM_GRACE_MS: 11000 is no longer than a pull from AWS MediaConvert may take; use more than 12000",
  ]);
});

test.each([
  [
    "a queue without a key pair",
    { AWS_MEDIACONVERT_QUEUE_URLS: QUEUES },
    /^AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: not set, but pulling from SQS needs/,
  ],
  ...[
    "http://sqs.eu-west-1.amazonaws.com/123456789012/q",
    "https://sqs.eu-west-1.amazonaws.com/123456789012/q.fifo",
  ].map((url): [string, Record<string, string>, RegExp] => [
    `a queue at ${url}`,
    { ...PULL, AWS_MEDIACONVERT_QUEUE_URLS: url },
    /^AWS_MEDIACONVERT_QUEUE_URLS: .* is not the URL of a standard queue/,
  ]),
  [
    "two queues that would be one source",
    { ...PULL, AWS_MEDIACONVERT_QUEUE_URLS: "http://[::1]/000000000000/q,http://[::1]/111111111111/q" },
    /^AWS_MEDIACONVERT_QUEUE_URLS: has two queues of one name/,
  ],
])("%s is a mistake in the settings of MediaConvert", (_, env, message) => {
  expect(mistakesIn(env)).toEqual([expect.stringMatching(message)]);
});
