/** The settings that belong to no vendor, in the order in which `.env.example` shows them. */
import { anyText, oneOf, someOf, whole } from "../settings/fields.ts";
import type { SettingGroup, Settings } from "../settings/setting.ts";
import {
  callbackSuffixes,
  dashboardPassword,
  dashboardUser,
  forwardSecrets,
  forwardUrl,
  host,
  prefix,
  share,
  redisUrl,
} from "./fields.ts";

export const ROLES = ["pull", "work", "http"] as const;
export const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

const DAY_MS = 86_400_000;
const MIB = 1024 * 1024;

const PULLING = {
  CONFIRM_GRACE_MS: {
    field: whole(20, 600_000),
    about: "How long a confirmed event is remembered, so that a pull under way meanwhile does not bring it in again.",
    default: "15000",
  },
  HTTPS_PROXY: {
    field: anyText,
    about:
      "A proxy on the way to the vendors that are pulled, and hosts that are reached without it; also known in lower case.",
  },
  HTTP_PROXY: { field: anyText, about: "" },
  NO_PROXY: { field: anyText, about: "" },
} satisfies Settings;

const CALLBACKS = {
  CALLBACK_SUFFIX: {
    field: callbackSuffixes,
    about:
      "An unguessable end of every callback path (/callbacks/VENDOR/SUFFIX): openssl rand -hex 16; a comma list of two while it is changed. No vendor signs the body, so set it even where calls are signed. Alone it opens the doors of those vendors that need not sign.",
    isSecret: true,
    opens: "push",
  },
  CALLBACK_MAX_BYTES_IN_HAND: {
    field: whole(8 * MIB, 4_096 * MIB),
    about: "Bytes of memory for the bodies of calls that are not stored yet; beyond it calls are answered 503.",
    default: String(32 * MIB),
  },
  CALLBACK_MAX_WAITING: {
    field: whole(1, 10_000_000),
    about:
      "Events of callbacks that may wait in Redis, or be parked there, and the bytes of their bodies; beyond it calls are answered 503.",
    default: "20000",
  },
  CALLBACK_MAX_WAITING_BYTES: { field: whole(8 * MIB, MIB * MIB), about: "", default: String(128 * MIB) },
} satisfies Settings;

const HANDLING = {
  HANDLERS: {
    field: anyText,
    about:
      "A module (.ts or .js) whose default export is the list of handlers; unset means handlers.ts, handlers.js or handlers/index.*.",
  },
  FORWARD_URL: {
    field: forwardUrl,
    about:
      "Every event without a handler of its own is sent there, signed after the Standard Webhooks specification ...",
  },
  FORWARD_SECRET: {
    field: forwardSecrets,
    about: '... with this secret: echo "whsec_$(openssl rand -base64 32)"; a comma list of two while it is changed.',
    isSecret: true,
  },
  FORWARD_FORMAT: {
    field: oneOf(["standard", "cloudevents"]),
    about: "standard: everything in one JSON body; cloudevents: CloudEvents 1.0 in binary mode.",
    default: "standard",
  },
  ARCHIVE_DIR: {
    field: anyText,
    about: "A folder for every handled event as newline-delimited JSON; unset means no archive.",
  },
  ARCHIVE_KEEP_DAYS: {
    field: whole(1, 36_500),
    about: "Older files of the archive are deleted; those of past days are compressed.",
    default: "90",
  },
  CONCURRENCY: {
    field: whole(1, 1_000),
    about: "Handlers that run at the same time in this process.",
    default: "32",
  },
  ATTEMPTS: { field: whole(1, 1_000), about: "How often an event is tried before it is parked.", default: "20" },
  MAX_CRASHES: {
    field: whole(1, 1_000_000),
    about:
      "After so many crashes of its process in a row while it ran, an event runs alone in its process; after two more it is parked.",
    default: "5",
  },
  HANDLER_TIMEOUT_MS: { field: whole(100, DAY_MS), about: "How long one attempt may take.", default: "600000" },
  BACKOFF_MS: {
    field: whole(1, 600_000),
    about: "Pause after the first failure; doubles up to 600000, with jitter.",
    default: "1000",
  },
  PARKED: {
    field: oneOf(["hold", "confirm"]),
    about:
      "An event that failed for good: hold keeps it unconfirmed until someone retries it, confirm tells the vendor to forget it.",
    default: "hold",
  },
  UNHANDLED: {
    field: oneOf(["park", "confirm"]),
    about: "An event of a type without handler: park keeps it like a failed one, confirm drops it.",
    default: "park",
  },
} satisfies Settings;

const QUEUE = {
  REDIS_URL: {
    field: redisUrl,
    about:
      "redis:// or rediss://, or redis+sentinel://host1:26379,host2:26379/NAME or redis+cluster://host1:6379,host2:6379 for one that fails over; unset starts a private Redis with its data in .data/.",
    isSecret: true,
  },
  REDIS_SENTINEL_PASSWORD: {
    field: anyText,
    about: "Of the sentinels themselves, where they have one; Redis' own stands in REDIS_URL.",
    isSecret: true,
  },
  REDIS_SERVER: {
    field: oneOf(["fetch"]),
    about: "fetch: run the private Redis from the distribution's packages even where one is installed.",
  },
  QUEUE_PREFIX: {
    field: prefix,
    about: "Start of all keys; one name per deployment that shares a Redis.",
    default: "reliable-callback",
  },
  REDIS_WAIT_REPLICAS: {
    field: whole(0, 10),
    about:
      "So many of Redis' replicas must have a callback's event before its 200, and the note of a success before the event is confirmed.",
    default: "0",
  },
  REDIS_FULL_AT: {
    field: share,
    about:
      "From this share of Redis' maxmemory on nothing new is taken in, so that what is there can be finished; callbacks are answered 503.",
    default: "0.85",
  },
  MAX_WAITING: {
    field: whole(1, 1_000_000),
    about:
      "So many events may wait, callbacks aside, and as many between two attempts; new ones beyond that stay at the vendor. Where handlers are slow fewer wait: what they can end in half of the vendor's window.",
    default: "10000",
  },
  MAX_HELD: {
    field: whole(1, 1_000_000),
    about:
      "So many events may wait for the limits of one handler, beside MAX_WAITING; new ones of that handler stay at the vendor beyond that, and callbacks about them are answered 503.",
    default: "10000",
  },
  HISTORY_EVENTS: {
    field: whole(0, 10_000_000),
    about:
      "So many finished events are remembered in Redis, for the search and each event's life; 0 keeps neither. 200000 take about 50 MB.",
    default: "200000",
  },
  HISTORY_DAYS: { field: whole(1, 3_650), about: "And for so long at the most.", default: "7" },
} satisfies Settings;

const HTTP = {
  HOST: { field: host, about: "0.0.0.0 to be reachable from outside.", default: "127.0.0.1" },
  PORT: { field: whole(0, 65_535), about: "0 takes any free port.", default: "3000" },
  PAGES_PORT: {
    field: whole(0, 65_535),
    about:
      "A port of their own for the pages, which PORT then never serves. Where callbacks are taken, pages without a password are served on it alone, to this machine only.",
  },
  DASHBOARD_USER: { field: dashboardUser, about: "", default: "admin" },
  DASHBOARD_PASSWORD: {
    field: dashboardPassword,
    about:
      "At least 12 characters, best random ones: nothing slows guessing down. Unset shows the pages to this machine only.",
    isSecret: true,
  },
} satisfies Settings;

const PROCESS = {
  ROLES: {
    field: someOf(ROLES),
    about: "What this process does; anything less than all of it needs REDIS_URL.",
    default: ROLES.join(","),
  },
  SHUTDOWN_GRACE_MS: {
    field: whole(100, 3_600_000),
    about: "How long running handlers may take to finish after SIGTERM.",
    default: "25000",
  },
  LOG_LEVEL: {
    field: oneOf(LOG_LEVELS),
    about: "fatal, error, warn, info, debug, trace or silent.",
    default: "info",
  },
} satisfies Settings;

export const OWN_GROUPS: readonly SettingGroup[] = [
  { title: "All vendors that are pulled", settings: PULLING },
  { title: "Callbacks: events that vendors push", settings: CALLBACKS },
  { title: "Handling", settings: HANDLING },
  { title: "Queue", settings: QUEUE },
  { title: "Health, metrics and dashboard", settings: HTTP },
  { title: "Process", settings: PROCESS },
];

export const OWN_SETTINGS = { ...PULLING, ...CALLBACKS, ...HANDLING, ...QUEUE, ...HTTP, ...PROCESS };
