/** Every variable the worker knows, with its default. `.env.example` lists the same ones; a test compares them. */
import { z } from "zod";
import {
  callbackSuffix,
  callbackUrls,
  dashboardPassword,
  dashboardUser,
  endpoint,
  forwardSecret,
  forwardUrl,
  host,
  oneOf,
  prefix,
  queueNames,
  redisUrl,
  someOf,
  sqsQueueUrls,
  subAppIds,
  vendorSecret,
  vendorSecrets,
  whole,
} from "./fields.ts";

export const ROLES = ["pull", "work", "http"] as const;
export const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

const DAY_MS = 86_400_000;

export const Environment = z.object({
  TENCENTCLOUD_SECRET_ID: vendorSecret.optional(),
  TENCENTCLOUD_SECRET_KEY: vendorSecret.optional(),
  TENCENTCLOUD_SESSION_TOKEN: vendorSecret.optional(),
  TENCENT_VOD_SUB_APP_IDS: subAppIds.default([]),
  TENCENT_VOD_ENDPOINT: endpoint.default({ protocol: "https://", host: "vod.tencentcloudapi.com" }),
  TENCENT_VOD_CONFIRM_WINDOW_MS: whole(50, 3_600_000).default(30_000),
  TENCENT_VOD_MAX_QPS: whole(1, 10_000).default(100),
  HTTPS_PROXY: z.string().optional(),
  HTTP_PROXY: z.string().optional(),
  NO_PROXY: z.string().optional(),
  TENCENT_VOD_SIGN_KEY: vendorSecrets.optional(),
  ALIBABA_CLOUD_ACCESS_KEY_ID: vendorSecret.optional(),
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: vendorSecret.optional(),
  ALIBABA_CLOUD_SECURITY_TOKEN: vendorSecret.optional(),
  ALIBABA_MNS_ENDPOINT: endpoint.optional(),
  ALIBABA_MNS_QUEUES: queueNames.optional(),
  ALIBABA_MNS_SIGNATURE: oneOf(["v2", "v4"]).default("v2"),
  AWS_ACCESS_KEY_ID: vendorSecret.optional(),
  AWS_SECRET_ACCESS_KEY: vendorSecret.optional(),
  AWS_SESSION_TOKEN: vendorSecret.optional(),
  AWS_MEDIACONVERT_QUEUE_URLS: sqsQueueUrls.optional(),
  ALIBABA_VOD_CALLBACK_URLS: callbackUrls.optional(),
  ALIBABA_VOD_AUTH_KEYS: vendorSecrets.optional(),
  ZEGO_CALLBACK_SECRETS: vendorSecrets.optional(),
  CALLBACK_SUFFIX: callbackSuffix.optional(),
  CONFIRM_GRACE_MS: whole(20, 600_000).default(15_000),

  REDIS_URL: redisUrl.optional(),
  REDIS_SERVER: oneOf(["fetch"]).optional(),
  QUEUE_PREFIX: prefix.default("reliable-callback"),
  CONCURRENCY: whole(1, 1_000).default(32),
  ATTEMPTS: whole(1, 1_000).default(20),
  HANDLER_TIMEOUT_MS: whole(100, DAY_MS).default(600_000),
  BACKOFF_MS: whole(1, 600_000).default(1_000),
  MAX_WAITING: whole(1, 1_000_000).default(10_000),

  HANDLERS: z.string().optional(),
  FORWARD_URL: forwardUrl.optional(),
  FORWARD_SECRET: forwardSecret.optional(),
  ARCHIVE_DIR: z.string().optional(),
  PARKED: oneOf(["hold", "confirm"]).default("hold"),
  UNHANDLED: oneOf(["park", "confirm"]).default("park"),

  HOST: host.default("127.0.0.1"),
  PORT: whole(0, 65_535).default(3_000),
  DASHBOARD_USER: dashboardUser.default("admin"),
  DASHBOARD_PASSWORD: dashboardPassword.optional(),

  ROLES: someOf(ROLES).default([...ROLES]),
  SHUTDOWN_GRACE_MS: whole(100, 3_600_000).default(25_000),
  LOG_LEVEL: oneOf(LOG_LEVELS).default("info"),
});

export type Settings = z.output<typeof Environment>;

/** The names of all variables, without the `NAME_FILE` forms of the secrets. */
export const VARIABLES: readonly string[] = Object.keys(Environment.shape);

/** These may come as `NAME_FILE`, and no message shows their value. */
export const SECRETS: readonly string[] = [
  "TENCENTCLOUD_SECRET_ID",
  "TENCENTCLOUD_SECRET_KEY",
  "TENCENTCLOUD_SESSION_TOKEN",
  "TENCENT_VOD_SIGN_KEY",
  "ALIBABA_CLOUD_ACCESS_KEY_ID",
  "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
  "ALIBABA_CLOUD_SECURITY_TOKEN",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "ALIBABA_VOD_AUTH_KEYS",
  "ZEGO_CALLBACK_SECRETS",
  "CALLBACK_SUFFIX",
  "REDIS_URL",
  "FORWARD_SECRET",
  "DASHBOARD_PASSWORD",
];
