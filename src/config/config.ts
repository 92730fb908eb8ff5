import { Environment, type LOG_LEVELS, type ROLES, type Settings } from "./environment.ts";
import type { Endpoint } from "./fields.ts";
import { type Env, readGiven } from "./given.ts";
import { isUsableProxy, notesOn } from "./notes.ts";
import { brokenRules, isNothingConfigured, NOTHING_CONFIGURED } from "./rules.ts";

type Role = (typeof ROLES)[number];

/** Below the working directory: where a Redis is kept that had to be fetched. */
export const CACHE_FOLDER = ".cache";

export type Config = {
  /** Missing where this process may do without: with the `http` role alone. */
  readonly tencentVod?: TencentVodConfig;
  readonly alibabaMns?: AlibabaMnsConfig;
  readonly awsMediaconvert?: AwsMediaconvertConfig;
  readonly callbacks: CallbacksConfig;
  /** How long a confirmed event is remembered, for the sake of pulls that were under way. */
  readonly confirmGraceMs: number;
  readonly redis: {
    /** Without it, a private Redis is started with its data in `folder`. */
    readonly url?: string;
    readonly prefix: string;
    /** Take the fetched server even where one is installed. */
    readonly server?: "fetch";
    readonly folder: string;
  };
  readonly queue: {
    readonly concurrency: number;
    readonly attempts: number;
    readonly handlerTimeoutMs: number;
    readonly backoffMs: number;
    readonly maxWaiting: number;
  };
  readonly handlersPath?: string;
  readonly forward?: { readonly url: string; readonly secret: string };
  readonly archiveDir?: string;
  readonly http: {
    readonly host: string;
    /** 0 takes any free one. */
    readonly port: number;
    readonly dashboard?: { readonly user: string; readonly password: string };
  };
  readonly roles: readonly Role[];
  readonly parked: "hold" | "confirm";
  readonly unhandled: "park" | "confirm";
  readonly shutdownGraceMs: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** What is probably not meant, to be logged as warnings. */
  readonly notes: readonly string[];
};

type TencentVodConfig = {
  readonly secretId: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
  /** One source each; empty stands for the account's default application. */
  readonly subAppIds: readonly number[];
  readonly endpoint: Endpoint;
  readonly windowMs: number;
  readonly maxQps: number;
  readonly proxyEnv: ProxyEnv;
};

/** What an agent of Node takes as its `proxyEnv`. */
type ProxyEnv = { readonly HTTPS_PROXY?: string; readonly HTTP_PROXY?: string; readonly NO_PROXY?: string };

type AlibabaMnsConfig = {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
  readonly endpoint: Endpoint;
  readonly queues: readonly string[];
  readonly signature: "v2" | "v4";
  readonly proxyEnv: ProxyEnv;
};

type AwsMediaconvertConfig = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly queueUrls: readonly string[];
};

/** Who may push. A vendor that is missing here is not listened to. */
type CallbacksConfig = {
  /** The unguessable end of every path. */
  readonly suffix?: string;
  readonly tencentVod?: { readonly signKeys: readonly string[] };
  readonly alibabaVod?: { readonly callbackUrls: readonly string[]; readonly authKeys: readonly string[] };
  readonly zegocloud?: { readonly secrets: readonly string[] };
};

/** The operator must change something. Each mistake is one line that names the variable; none shows a secret. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[], options?: ErrorOptions) {
    super(mistakes.join("\n"), options);
    this.mistakes = mistakes;
  }
}

/** Reads nothing but `env` and the files its `NAME_FILE` variables name; throws a `ConfigError` with every mistake there is. */
export function readConfig(env: Env): Config {
  const given = readGiven(env);
  const parsed = Environment.safeParse(given.values);
  const mistakes = [
    ...given.mistakes,
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join(".")}: ${issue.message}`),
    ...brokenRules(given),
    ...(isNothingConfigured(given) ? [NOTHING_CONFIGURED] : []),
  ];
  if (!parsed.success || mistakes.length > 0) throw new ConfigError(mistakes);
  return deepFreeze(toConfig(parsed.data, notesOn(env, parsed.data)));
}

function toConfig(settings: Settings, notes: readonly string[]): Config {
  const { REDIS_URL, REDIS_SERVER, HANDLERS, FORWARD_URL, FORWARD_SECRET, ARCHIVE_DIR } = settings;
  const { DASHBOARD_USER: user, DASHBOARD_PASSWORD: password } = settings;
  const tencentVod = toTencentVod(settings);
  const alibabaMns = toAlibabaMns(settings);
  const awsMediaconvert = toAwsMediaconvert(settings);
  return {
    ...(tencentVod && { tencentVod }),
    ...(alibabaMns && { alibabaMns }),
    ...(awsMediaconvert && { awsMediaconvert }),
    callbacks: toCallbacks(settings),
    confirmGraceMs: settings.CONFIRM_GRACE_MS,
    redis: {
      ...(REDIS_URL !== undefined && { url: REDIS_URL }),
      prefix: settings.QUEUE_PREFIX,
      ...(REDIS_SERVER && { server: REDIS_SERVER }),
      folder: ".data",
    },
    queue: {
      concurrency: settings.CONCURRENCY,
      attempts: settings.ATTEMPTS,
      handlerTimeoutMs: settings.HANDLER_TIMEOUT_MS,
      backoffMs: settings.BACKOFF_MS,
      maxWaiting: settings.MAX_WAITING,
    },
    ...(HANDLERS !== undefined && { handlersPath: HANDLERS }),
    ...(FORWARD_URL !== undefined && FORWARD_SECRET !== undefined
      ? { forward: { url: FORWARD_URL, secret: FORWARD_SECRET } }
      : {}),
    ...(ARCHIVE_DIR !== undefined && { archiveDir: ARCHIVE_DIR }),
    http: {
      host: settings.HOST,
      port: settings.PORT,
      ...(password !== undefined && { dashboard: { user, password } }),
    },
    roles: settings.ROLES,
    parked: settings.PARKED,
    unhandled: settings.UNHANDLED,
    shutdownGraceMs: settings.SHUTDOWN_GRACE_MS,
    logLevel: settings.LOG_LEVEL,
    notes,
  };
}

function toTencentVod(settings: Settings): TencentVodConfig | undefined {
  const { TENCENTCLOUD_SECRET_ID: secretId, TENCENTCLOUD_SECRET_KEY: secretKey } = settings;
  const { TENCENTCLOUD_SESSION_TOKEN: sessionToken } = settings;
  if (secretId === undefined || secretKey === undefined) return undefined;
  return {
    secretId,
    secretKey,
    ...(sessionToken !== undefined && { sessionToken }),
    subAppIds: settings.TENCENT_VOD_SUB_APP_IDS,
    endpoint: settings.TENCENT_VOD_ENDPOINT,
    windowMs: settings.TENCENT_VOD_CONFIRM_WINDOW_MS,
    maxQps: settings.TENCENT_VOD_MAX_QPS,
    proxyEnv: toProxyEnv(settings),
  };
}

function toProxyEnv({ HTTPS_PROXY, HTTP_PROXY, NO_PROXY }: Settings): ProxyEnv {
  return {
    ...(HTTPS_PROXY !== undefined && isUsableProxy(HTTPS_PROXY) && { HTTPS_PROXY }),
    ...(HTTP_PROXY !== undefined && isUsableProxy(HTTP_PROXY) && { HTTP_PROXY }),
    ...(NO_PROXY !== undefined && { NO_PROXY }),
  };
}

function toAlibabaMns(settings: Settings): AlibabaMnsConfig | undefined {
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret } = settings;
  const {
    ALIBABA_CLOUD_SECURITY_TOKEN: securityToken,
    ALIBABA_MNS_ENDPOINT: endpoint,
    ALIBABA_MNS_QUEUES: queues,
  } = settings;
  if (!accessKeyId || !accessKeySecret || !endpoint || !queues) return undefined;
  return {
    accessKeyId,
    accessKeySecret,
    ...(securityToken !== undefined && { securityToken }),
    endpoint,
    queues,
    signature: settings.ALIBABA_MNS_SIGNATURE,
    proxyEnv: toProxyEnv(settings),
  };
}

function toAwsMediaconvert(settings: Settings): AwsMediaconvertConfig | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = settings;
  const { AWS_SESSION_TOKEN: sessionToken, AWS_MEDIACONVERT_QUEUE_URLS: queueUrls } = settings;
  if (!accessKeyId || !secretAccessKey || !queueUrls) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }), queueUrls };
}

/** With the suffix alone those are open whose vendors need not sign; ZEGOCLOUD always does. */
function toCallbacks(settings: Settings): CallbacksConfig {
  const { CALLBACK_SUFFIX: suffix, TENCENT_VOD_SIGN_KEY: signKeys, ZEGO_CALLBACK_SECRETS: secrets } = settings;
  const { ALIBABA_VOD_CALLBACK_URLS: callbackUrls, ALIBABA_VOD_AUTH_KEYS: authKeys } = settings;
  return {
    ...(suffix !== undefined && { suffix }),
    ...((signKeys ?? suffix) !== undefined && { tencentVod: { signKeys: signKeys ?? [] } }),
    ...((authKeys ?? suffix) !== undefined && {
      alibabaVod: { callbackUrls: callbackUrls ?? [], authKeys: authKeys ?? [] },
    }),
    ...(secrets !== undefined && { zegocloud: { secrets } }),
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
