/** Alibaba Cloud VOD's settings, and the rules between them. */
import { endpoint, field, httpUrl, items, oneOf, quote, quoteUrl, secret, secrets } from "../../settings/fields.ts";
import type { Settings, ValuesOf } from "../../settings/setting.ts";
import type { RuleContext } from "../vendor.ts";

const ENDPOINT = "ALIBABA_MNS_ENDPOINT";
const QUEUES = "ALIBABA_MNS_QUEUES";
const URLS = "ALIBABA_VOD_CALLBACK_URLS";
const AUTH_KEYS = "ALIBABA_VOD_AUTH_KEYS";
/** The door is open only if all of them are set. */
export const PULL = ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", ENDPOINT, QUEUES];

const queueNames = field((text, fail) => {
  const names = items(text);
  const bad = names.find((name) => !/^[A-Za-z0-9][\w-]{0,119}$/.test(name));
  if (bad !== undefined) return fail(`${quote(bad)} is not the name of a queue; use letters, digits, - and _`);
  return new Set(names).size === names.length ? names : fail("names a queue twice; name each one once");
});

const callbackUrls = field((text, fail) => {
  const urls = items(text);
  const bad = urls.find((url) => !httpUrl(url));
  return bad === undefined
    ? urls
    : fail(`${quoteUrl(bad)} is not an http:// or https:// URL; write it as it stands at the vendor`);
});

export const SETTINGS = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: {
    field: secret,
    about:
      "To pull from MNS: the key pair of a user that may call mns:ReceiveMessage, DeleteMessage, ChangeMessageVisibility and GetQueueAttributes.",
    isSecret: true,
  },
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: { field: secret, about: "", isSecret: true },
  ALIBABA_CLOUD_SECURITY_TOKEN: { field: secret, about: "Only with temporary credentials.", isSecret: true },
  [ENDPOINT]: {
    field: endpoint("https://1234567890.mns.cn-shanghai.aliyuncs.com"),
    about: "Such as https://1234567890.mns.cn-shanghai.aliyuncs.com.",
    opens: "pull",
  },
  [QUEUES]: { field: queueNames, about: "Comma list of queues; one source each.", opens: "pull" },
  ALIBABA_MNS_SIGNATURE: {
    field: oneOf(["v2", "v4"]),
    about: "How calls are signed: v2, or v4 where the account demands it.",
    default: "v2",
  },
  [URLS]: {
    field: callbackUrls,
    about: "To be called: the callback URLs and the AuthKeys as they stand at the vendor; comma lists.",
    opens: "push",
  },
  [AUTH_KEYS]: { field: secrets, about: "", isSecret: true, opens: "push" },
} satisfies Settings;

export type Values = ValuesOf<typeof SETTINGS>;

export function rules(context: RuleContext<typeof SETTINGS>): readonly (string | undefined)[] {
  return [queue(context), callback(context)];
}

/** Other programs often set the key pair too. So only the queue's settings open this door. */
function queue({ has }: RuleContext<typeof SETTINGS>): string | undefined {
  const missing = PULL.filter((name) => !has(name));
  return [ENDPOINT, QUEUES].some(has) && missing.length > 0
    ? `${missing.join(", ")}: not set, but pulling from MNS needs ${PULL.join(", ")}`
    : undefined;
}

function callback({ has }: RuleContext<typeof SETTINGS>): string | undefined {
  if (has(AUTH_KEYS) && !has(URLS))
    return `${URLS}: is not set, but ${AUTH_KEYS} is; the signature covers the URL, set it as it stands at the vendor`;
  return has(URLS) && !has(AUTH_KEYS) && !has("CALLBACK_SUFFIX")
    ? `${AUTH_KEYS}: is not set, but ${URLS} is; set it, or CALLBACK_SUFFIX, so that not everyone can call`
    : undefined;
}
