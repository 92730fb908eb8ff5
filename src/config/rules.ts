/** What must be right between variables. Each rule looks at what was given and names what to change. */
import { Environment, ROLES } from "./environment.ts";
import type { Given } from "./given.ts";

const ID = "TENCENTCLOUD_SECRET_ID";
const KEY = "TENCENTCLOUD_SECRET_KEY";
const TOKEN = "TENCENTCLOUD_SESSION_TOKEN";

const QUEUES = ["ALIBABA_MNS_ENDPOINT", "ALIBABA_MNS_QUEUES"];
const MNS = ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", ...QUEUES];
const SQS_QUEUES = ["AWS_MEDIACONVERT_QUEUE_URLS"];
const SQS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", ...SQS_QUEUES];
/** What is pulled beside Tencent VOD. */
const PULL = [...QUEUES, ...SQS_QUEUES];
const PUSH = [
  "TENCENT_VOD_SIGN_KEY",
  "ALIBABA_VOD_CALLBACK_URLS",
  "ALIBABA_VOD_AUTH_KEYS",
  "ZEGO_CALLBACK_SECRETS",
  "CALLBACK_SUFFIX",
];

/** The client gives a pull up after this long. */
const PULL_TIMEOUT_MS = 10_000;

/** The values are the simulator's own defaults. */
export const NOTHING_CONFIGURED = `nothing is configured: without the credentials of a vendor there is nothing to pull
  with a real account:    set ${ID} and ${KEY} (.env.example lists all settings)
  to see it at work:      npm run demo
  to try it by yourself:  npm run simulate, and beside it npm start with these in its environment or in .env:
    ${ID}=simulator
    ${KEY}=simulator
    TENCENT_VOD_ENDPOINT=http://127.0.0.1:8787`;

/** Nobody has named a vendor: not one mistake among others, but someone who has just arrived. */
export function isNothingConfigured({ has }: Given): boolean {
  const tencent = [ID, KEY, TOKEN, "TENCENT_VOD_SUB_APP_IDS", "TENCENT_VOD_ENDPOINT"];
  return ![...tencent, ...PULL, ...PUSH, "ROLES"].some(has);
}

export function brokenRules(given: Given): readonly string[] {
  return [credentials, mns, sqs, alibabaCallback, pushRole, redis, forward, dashboard, grace].flatMap(
    (rule) => rule(given) ?? [],
  );
}

function credentials(given: Given): string | undefined {
  const { has } = given;
  if (has(ID) && has(KEY)) return undefined;
  if (has(ID)) return `${KEY}: is not set, but ${ID} is; set both`;
  if (has(KEY)) return `${ID}: is not set, but ${KEY} is; set both`;
  if (has(TOKEN)) return `${ID} and ${KEY}: are not set, but ${TOKEN} is; set all three`;
  if (isNothingConfigured(given) || isAnotherDoorOpen(given)) return undefined;
  const callers = rolesOf(given)?.filter((role) => role !== "http") ?? [];
  return callers.length > 0
    ? `${ID} and ${KEY}: are not set, but ${callers.join(" and ")} in ROLES cannot do without; set both`
    : undefined;
}

/** Then Tencent's is simply not in use, unless something else says so. */
function isAnotherDoorOpen({ has }: Given): boolean {
  return [...PULL, ...PUSH].some(has) && !["TENCENT_VOD_SUB_APP_IDS", "TENCENT_VOD_ENDPOINT"].some(has);
}

/** The vendors' own names are often set for other programs too: only the queue's settings say that it is wanted. */
function mns({ has }: Given): string | undefined {
  return QUEUES.some(has) ? incomplete("MNS", MNS, has) : undefined;
}

function sqs({ has }: Given): string | undefined {
  return SQS_QUEUES.some(has) ? incomplete("SQS", SQS, has) : undefined;
}

function incomplete(queue: string, needed: readonly string[], has: Given["has"]): string | undefined {
  const missing = needed.filter((name) => !has(name));
  return missing.length > 0
    ? `${missing.join(", ")}: not set, but pulling from ${queue} needs ${needed.join(", ")}`
    : undefined;
}

function alibabaCallback({ has }: Given): string | undefined {
  const urls = "ALIBABA_VOD_CALLBACK_URLS";
  const keys = "ALIBABA_VOD_AUTH_KEYS";
  if (has(keys) && !has(urls))
    return `${urls}: is not set, but ${keys} is; the signature covers the URL, set it as it stands at the vendor`;
  return has(urls) && !has(keys) && !has("CALLBACK_SUFFIX")
    ? `${keys}: is not set, but ${urls} is; set it, or CALLBACK_SUFFIX, so that not everyone can call`
    : undefined;
}

/** Nobody listens for what is pushed. */
function pushRole(given: Given): string | undefined {
  const roles = rolesOf(given);
  if (roles === undefined || roles.includes("http") || [ID, ...PULL].some(given.has) || !PUSH.some(given.has))
    return undefined;
  return "ROLES: http is missing, but only callbacks are configured, which come by HTTP; add it";
}

/** A private Redis belongs to one process, so parts in several processes would never meet. */
function redis(given: Given): string | undefined {
  const roles = rolesOf(given);
  return roles !== undefined && roles.length < ROLES.length && !given.has("REDIS_URL")
    ? `REDIS_URL: is not set, but ROLES gives this process only ${roles.join(" and ")}; set the Redis all processes share`
    : undefined;
}

function forward({ has }: Given): string | undefined {
  if (has("FORWARD_URL") && !has("FORWARD_SECRET")) {
    return 'FORWARD_SECRET: is not set, but FORWARD_URL is; set it, made with: echo "whsec_$(openssl rand -base64 32)"';
  }
  return has("FORWARD_SECRET") && !has("FORWARD_URL")
    ? "FORWARD_URL: is not set, but FORWARD_SECRET is; set both or none"
    : undefined;
}

function dashboard({ has }: Given): string | undefined {
  return has("DASHBOARD_USER") && !has("DASHBOARD_PASSWORD")
    ? "DASHBOARD_PASSWORD: is not set, but DASHBOARD_USER is; set both, or only the password"
    : undefined;
}

/**
 * A confirmed event is remembered for the grace, so that a pull which was under way meanwhile does not bring it in
 * again: the grace must outlast a pull. A simulator with a shorter window shortens its waiting in proportion, so there a
 * third of the window is enough, which at the real 30 s is the timeout itself.
 */
function grace({ values }: Given): string | undefined {
  const { CONFIRM_GRACE_MS, TENCENT_VOD_CONFIRM_WINDOW_MS } = Environment.shape;
  const graceMs = CONFIRM_GRACE_MS.safeParse(values["CONFIRM_GRACE_MS"]).data;
  const windowMs = TENCENT_VOD_CONFIRM_WINDOW_MS.safeParse(values["TENCENT_VOD_CONFIRM_WINDOW_MS"]).data;
  if (graceMs === undefined || windowMs === undefined) return undefined;
  const least = Math.min(PULL_TIMEOUT_MS, Math.floor(windowMs / 3));
  return graceMs > least
    ? undefined
    : `CONFIRM_GRACE_MS: ${graceMs} is no longer than a pull may take; with a window of ${windowMs} use more than ${least}`;
}

function rolesOf({ values }: Given) {
  return Environment.shape.ROLES.safeParse(values["ROLES"]).data;
}
