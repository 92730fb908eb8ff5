import { type Env, readGiven, readSettings } from "../settings/given.ts";
import type { ValuesOf } from "../settings/setting.ts";
import { VENDORS } from "../vendors/index.ts";
import type { ConfiguredVendor, ProxyEnv, SharedSettings, Vendor } from "../vendors/vendor.ts";
import { settingsWith } from "./all-settings.ts";
import { ConfigError } from "./config-error.ts";
import { notesOnGrace, notesOnNames } from "./notes.ts";
import { isUsableProxy, notesOnProxies } from "./proxies.ts";
import { nothingConfigured } from "./nothing-configured.ts";
import { brokenRules, isNothingConfigured } from "./rules.ts";
import { type LOG_LEVELS, OWN_SETTINGS, type ROLES } from "./settings.ts";

type Role = (typeof ROLES)[number];
type Values = ValuesOf<typeof OWN_SETTINGS>;

/** Below the working directory. A fetched Redis is stored here. */
export const CACHE_FOLDER = ".cache";

export type Config = {
  /** The vendors with an open door. Empty only for a process with the role `http` alone. */
  readonly vendors: readonly ConfiguredVendor[];
  readonly callbacks: {
    /** The unguessable end of every path; several while it is changed. */
    readonly suffixes?: readonly string[] | undefined;
    /** The bytes that all calls together may hold in memory until they are stored. */
    readonly maxBytesInHand: number;
    /** How many events of callbacks, and how many bytes of them, may wait in Redis. */
    readonly limits: { readonly maxWaiting: number; readonly maxWaitingBytes: number };
  };
  /** How long a confirmed event stays known, so that a pull that was under way does not add it again. */
  readonly confirmGraceMs: number;
  readonly redis: {
    /** Without it, a private Redis is started with its data in `folder`. */
    readonly url?: string;
    readonly sentinelPassword?: string;
    /** How many replicas must have each write that must not be lost. */
    readonly waitReplicas: number;
    readonly prefix: string;
    /** Use the fetched server even if one is installed. */
    readonly server?: "fetch";
    readonly folder: string;
    /** Above this share of its memory no new events are accepted. */
    readonly fullAt: number;
  };
  readonly queue: {
    readonly concurrency: number;
    readonly attempts: number;
    readonly maxCrashes: number;
    readonly handlerTimeoutMs: number;
    readonly backoffMs: number;
    readonly maxWaiting: number;
    readonly maxHeld: number;
  };
  /** Of finished events. */
  readonly history: { readonly events: number; readonly days: number };
  readonly handlersPath?: string;
  readonly forward?: {
    readonly url: string;
    readonly secrets: readonly string[];
    readonly format: "standard" | "cloudevents";
  };
  readonly archive?: { readonly dir: string; readonly keepDays: number };
  readonly http: {
    readonly host: string;
    /** 0 takes any free one. */
    readonly port: number;
    /** A port for the pages alone, without callbacks. */
    readonly pagesPort?: number;
    readonly dashboard?: { readonly user: string; readonly password: string };
  };
  readonly roles: readonly Role[];
  readonly parked: "hold" | "confirm";
  readonly unhandled: "park" | "confirm";
  readonly shutdownGraceMs: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Settings that are probably mistakes. They are logged as warnings. */
  readonly notes: readonly string[];
};

/** Reads only `env` and the files that its `NAME_FILE` variables name. Throws a `ConfigError` with all mistakes. */
export function readConfig(env: Env, vendors: readonly Vendor[] = VENDORS): Config {
  const settings = settingsWith(vendors);
  const given = readGiven(env, settings);
  const own = readSettings(OWN_SETTINGS, given);
  const { ROLES: roles, CONFIRM_GRACE_MS: confirmGraceMs } = own.values;
  const { REDIS_URL: redisUrl, PORT: port, PAGES_PORT: pagesPort } = own.values;
  const readings = vendors.map((vendor) => vendor.read(given, { roles, confirmGraceMs }));
  const rules = { has: given.has, settings, roles, redisUrl, port, pagesPort };
  const mistakes = [
    ...given.mistakes,
    ...readings.flatMap((reading) => reading.mistakes),
    ...own.mistakes,
    ...brokenRules(rules),
    ...(isNothingConfigured(rules) ? [nothingConfigured(vendors)] : []),
  ];
  if (own.complete === undefined || mistakes.length > 0) throw new ConfigError(mistakes);
  const shared = sharedBy(own.complete);
  const configured = readings
    .flatMap(({ configure }) => configure?.(shared) ?? [])
    .filter(({ pull, push }) => pull !== undefined || push !== undefined);
  const { HTTPS_PROXY, HTTP_PROXY } = own.complete;
  const notes = [
    ...notesOnNames(env, settings, vendors),
    ...notesOnProxies({ HTTPS_PROXY, HTTP_PROXY }),
    ...configured.flatMap((vendor) => vendor.notes),
    ...notesOnGrace(own.complete.CONFIRM_GRACE_MS, configured),
  ];
  return deepFreeze(toConfig(own.complete, configured, notes));
}

/** Whether any vendor is configured. If not, the caller only prints how to begin. */
export function isConfigured(env: Env, vendors: readonly Vendor[] = VENDORS): boolean {
  const settings = settingsWith(vendors);
  return !isNothingConfigured({ settings, has: readGiven(env, settings).has });
}

function sharedBy({ HTTPS_PROXY, HTTP_PROXY, NO_PROXY, CALLBACK_SUFFIX }: Values): SharedSettings {
  const proxyEnv: ProxyEnv = {
    ...(HTTPS_PROXY !== undefined && isUsableProxy(HTTPS_PROXY) && { HTTPS_PROXY }),
    ...(HTTP_PROXY !== undefined && isUsableProxy(HTTP_PROXY) && { HTTP_PROXY }),
    ...(NO_PROXY !== undefined && { NO_PROXY }),
  };
  return { proxyEnv, callbackSuffixes: CALLBACK_SUFFIX };
}

function toConfig(values: Values, vendors: readonly ConfiguredVendor[], notes: readonly string[]): Config {
  const { CALLBACK_SUFFIX, REDIS_URL, REDIS_SERVER, HANDLERS, FORWARD_URL, FORWARD_SECRET, ARCHIVE_DIR } = values;
  const { REDIS_SENTINEL_PASSWORD } = values;
  const { DASHBOARD_USER: user, DASHBOARD_PASSWORD: password } = values;
  return {
    vendors,
    callbacks: {
      ...(CALLBACK_SUFFIX !== undefined && { suffixes: CALLBACK_SUFFIX }),
      maxBytesInHand: values.CALLBACK_MAX_BYTES_IN_HAND,
      limits: { maxWaiting: values.CALLBACK_MAX_WAITING, maxWaitingBytes: values.CALLBACK_MAX_WAITING_BYTES },
    },
    confirmGraceMs: values.CONFIRM_GRACE_MS,
    redis: {
      ...(REDIS_URL !== undefined && { url: REDIS_URL }),
      ...(REDIS_SENTINEL_PASSWORD !== undefined && { sentinelPassword: REDIS_SENTINEL_PASSWORD }),
      waitReplicas: values.REDIS_WAIT_REPLICAS,
      prefix: values.QUEUE_PREFIX,
      ...(REDIS_SERVER && { server: REDIS_SERVER }),
      folder: ".data",
      fullAt: values.REDIS_FULL_AT,
    },
    queue: {
      concurrency: values.CONCURRENCY,
      attempts: values.ATTEMPTS,
      maxCrashes: values.MAX_CRASHES,
      handlerTimeoutMs: values.HANDLER_TIMEOUT_MS,
      backoffMs: values.BACKOFF_MS,
      maxWaiting: values.MAX_WAITING,
      maxHeld: values.MAX_HELD,
    },
    history: { events: values.HISTORY_EVENTS, days: values.HISTORY_DAYS },
    ...(HANDLERS !== undefined && { handlersPath: HANDLERS }),
    ...(FORWARD_URL !== undefined && FORWARD_SECRET !== undefined
      ? { forward: { url: FORWARD_URL, secrets: FORWARD_SECRET, format: values.FORWARD_FORMAT } }
      : {}),
    ...(ARCHIVE_DIR !== undefined && { archive: { dir: ARCHIVE_DIR, keepDays: values.ARCHIVE_KEEP_DAYS } }),
    http: {
      host: values.HOST,
      port: values.PORT,
      ...(values.PAGES_PORT !== undefined && { pagesPort: values.PAGES_PORT }),
      ...(password !== undefined && { dashboard: { user, password } }),
    },
    roles: values.ROLES,
    parked: values.PARKED,
    unhandled: values.UNHANDLED,
    shutdownGraceMs: values.SHUTDOWN_GRACE_MS,
    logLevel: values.LOG_LEVEL,
    notes,
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
