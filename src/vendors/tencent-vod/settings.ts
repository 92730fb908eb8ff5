/** Tencent VOD's settings, and the rules between them. */
import { endpoint, field, httpUrl, isLoopback, items, quote, secret, secrets, whole } from "../../settings/fields.ts";
import type { Settings, ValuesOf } from "../../settings/setting.ts";
import type { RuleContext } from "../vendor.ts";

const ID = "TENCENTCLOUD_SECRET_ID";
const KEY = "TENCENTCLOUD_SECRET_KEY";
const TOKEN = "TENCENTCLOUD_SESSION_TOKEN";
const SUB_APP_IDS = "TENCENT_VOD_SUB_APP_IDS";
const ENDPOINT = "TENCENT_VOD_ENDPOINT";

/** How long the vendor waits for a confirmation. Only a simulator can wait for another time. */
const WINDOW_MS = 30_000;
/** The client gives up a pull after this time. */
const PULL_TIMEOUT_MS = 10_000;

const subAppIds = field((text, fail): readonly number[] => {
  const ids = items(text);
  for (const [index, id] of ids.entries()) {
    if (!/^\d{1,15}$/.test(id) || Number(id) === 0) {
      return fail(`${quote(id)} is not a SubAppId; use its digits, several with commas between them`);
    }
    if (ids.findIndex((other) => Number(other) === Number(id)) < index) {
      return fail(`${quote(id)} stands there twice; name each application once`);
    }
  }
  return ids.map(Number);
});

export const SETTINGS = {
  [ID]: {
    field: secret,
    about:
      "The key pair of an account that may call vod:PullEvents, ConfirmEvents, DescribeEventsState and DescribeEventConfig.",
    isSecret: true,
    opens: "pull",
  },
  [KEY]: { field: secret, about: "", isSecret: true, opens: "pull" },
  [TOKEN]: { field: secret, about: "Only with temporary credentials.", isSecret: true, opens: "pull" },
  [SUB_APP_IDS]: {
    field: subAppIds,
    about: "Comma list of sub-applications; unset means the account's default application.",
    opens: "pull",
  },
  [ENDPOINT]: {
    field: endpoint("https://vod.tencentcloudapi.com"),
    about:
      "https://vod.intl.tencentcloudapi.com for international accounts; http:// only for a simulator on 127.0.0.1.",
    default: "https://vod.tencentcloudapi.com",
    opens: "pull",
  },
  TENCENT_VOD_CONFIRM_WINDOW_MS: {
    field: whole(50, 3_600_000),
    about:
      "How long the vendor waits for a confirmation before it delivers again; another value is for simulators only.",
    default: String(WINDOW_MS),
  },
  TENCENT_VOD_MAX_QPS: {
    field: whole(1, 10_000),
    about:
      "Calls per second and action, shared by all replicas; raise it when Tencent has raised the account's quota. From half of it on calls wait up to 200 ms, to carry more.",
    default: "100",
  },
  TENCENT_VOD_SIGN_KEY: {
    field: secrets,
    about: "The key of Tencent VOD's signed callbacks; a comma list while it is changed.",
    isSecret: true,
    opens: "push",
  },
} satisfies Settings;

export type Values = ValuesOf<typeof SETTINGS>;

export function rules(context: RuleContext<typeof SETTINGS>): readonly (string | undefined)[] {
  return [credentials(context), grace(context)];
}

function credentials({ has, roles }: RuleContext<typeof SETTINGS>): string | undefined {
  if (has(ID) && has(KEY)) return undefined;
  if (has(ID)) return `${KEY}: is not set, but ${ID} is; set both`;
  if (has(KEY)) return `${ID}: is not set, but ${KEY} is; set both`;
  if (has(TOKEN)) return `${ID} and ${KEY}: are not set, but ${TOKEN} is; set all three`;
  if (![SUB_APP_IDS, ENDPOINT].some(has)) return undefined;
  const callers = roles?.filter((role) => role !== "http") ?? [];
  return callers.length > 0
    ? `${ID} and ${KEY}: are not set, but ${callers.join(" and ")} in ROLES cannot do without; set both`
    : undefined;
}

/**
 * The grace must be longer than a pull: a confirmed event is remembered for the grace, so that a pull that was under way
 * does not add it again. A simulator with a shorter window also holds pulls for a shorter time. There a third of the
 * window is enough, which for the real window of 30 s is the timeout of a pull.
 */
function grace({ has, values, confirmGraceMs: graceMs }: RuleContext<typeof SETTINGS>): string | undefined {
  const { TENCENT_VOD_CONFIRM_WINDOW_MS: windowMs } = values;
  if (!has(ID) || graceMs === undefined || windowMs === undefined) return undefined;
  const least = Math.min(PULL_TIMEOUT_MS, Math.floor(windowMs / 3));
  return graceMs > least
    ? undefined
    : `CONFIRM_GRACE_MS: ${graceMs} is no longer than a pull may take; with a window of ${windowMs} use more than ${least}`;
}

export function notes({ [ENDPOINT]: url, TENCENT_VOD_CONFIRM_WINDOW_MS: windowMs }: Values): readonly string[] {
  return windowMs === WINDOW_MS || isLoopback(httpUrl(url)?.hostname ?? "")
    ? []
    : [
        `TENCENT_VOD_CONFIRM_WINDOW_MS: ${windowMs} is not the ${WINDOW_MS} that Tencent keeps; only a simulator takes another`,
      ];
}
