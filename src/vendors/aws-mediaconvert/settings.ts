/** AWS MediaConvert's settings, and the rules between them. */
import { field, httpUrl, isLoopback, items, quoteUrl, secret } from "../../settings/fields.ts";
import type { Settings, ValuesOf } from "../../settings/setting.ts";
import type { RuleContext } from "../vendor.ts";

const QUEUE_URLS = "AWS_MEDIACONVERT_QUEUE_URLS";
/** The door is open only if all of them are set. */
export const PULL = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", QUEUE_URLS];

/** Only standard queues: in a FIFO queue a failing event would hold up its group. */
const queueUrls = field((text, fail) => {
  const urls = items(text);
  const bad = urls.find((url) => !isQueueUrl(url));
  if (bad !== undefined)
    return fail(
      `${quoteUrl(bad)} is not the URL of a standard queue; use one such as https://sqs.eu-west-1.amazonaws.com/123456789012/mediaconvert`,
    );
  // The name of the source is made of host and queue, without the account.
  const names = urls.map((url) => url.replace(/\d{12}\//, ""));
  return new Set(names).size === names.length
    ? urls
    : fail("has two queues of one name and region; name each one once");
});

function isQueueUrl(text: string): boolean {
  const url = httpUrl(text);
  if (!url || !/^\/\d{12}\/[\w-]{1,80}$/.test(url.pathname) || text !== `${url.origin}${url.pathname}`) return false;
  return url.protocol === "https:" ? /(^|\.)sqs\.[a-z0-9-]+\./.test(url.hostname) : isLoopback(url.hostname);
}

export const SETTINGS = {
  AWS_ACCESS_KEY_ID: {
    field: secret,
    about:
      "The key pair of a user that may call sqs:ReceiveMessage, DeleteMessage, ChangeMessageVisibility and GetQueueAttributes.",
    isSecret: true,
  },
  AWS_SECRET_ACCESS_KEY: { field: secret, about: "", isSecret: true },
  AWS_SESSION_TOKEN: { field: secret, about: "Only with temporary credentials.", isSecret: true },
  [QUEUE_URLS]: {
    field: queueUrls,
    about:
      "Comma list of standard queues, such as https://sqs.eu-west-1.amazonaws.com/123456789012/mediaconvert; one source each.",
    opens: "pull",
  },
} satisfies Settings;

export type Values = ValuesOf<typeof SETTINGS>;

/** Other programs often set the key pair too. So only the queue URLs open this door. */
export function rules({ has }: RuleContext<typeof SETTINGS>): readonly string[] {
  const missing = PULL.filter((name) => !has(name));
  return has(QUEUE_URLS) && missing.length > 0
    ? [`${missing.join(", ")}: not set, but pulling from SQS needs ${PULL.join(", ")}`]
    : [];
}
