/** The meaning of the error codes of MNS. Only codes are matched, because messages and statuses may change. */
import { VendorError } from "../../../core/errors.ts";

export type Action = "BatchReceiveMessage" | "BatchDeleteMessage" | "ChangeMessageVisibility" | "GetQueueAttributes";

type Refusal = {
  readonly action: Action;
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
};

/** MNS answered with an error. The vendor's support asks for `code` and `requestId`. */
export class MnsError extends VendorError {
  readonly code: string;
  readonly requestId: string;

  /** `fix` replaces the general advice for the code. */
  constructor({ action, code, message, requestId }: Refusal, fix?: string) {
    const meaning = meaningOf(action, code);
    const advice = fix ?? meaning.fix;
    // The message has no request id, because two failures are the same trouble if their messages are equal.
    super(meaning.kind, `${action}: ${code}: ${message}`, advice ? { fix: advice } : {});
    this.code = code;
    this.requestId = requestId;
  }
}

/** An invalid receipt: its message is gone, was delivered again, or its window has closed. */
export function isDeadReceipt(code: string): boolean {
  return DEAD_RECEIPT.has(code);
}

/** MNS reports an empty queue as an error. */
export const EMPTY = "MessageNotExist";
export const ACCESS_DENIED = "AccessDenied";

const DEAD_RECEIPT: ReadonlySet<string> = new Set([EMPTY, "ReceiptHandleError", "InvalidArgument"]);

type Meaning = { readonly kind: VendorError["kind"]; readonly fix?: string };

function meaningOf(action: Action, code: string): Meaning {
  if (TAKES_RECEIPTS.has(action) && isDeadReceipt(code)) return { kind: "refused" };
  if (Object.hasOwn(MEANINGS, code)) return MEANINGS[code] ?? UNKNOWN;
  if (/SecurityToken/i.test(code))
    return check("ALIBABA_CLOUD_SECURITY_TOKEN: it has expired or belongs to another key");
  if (code.startsWith("Throttling")) return { kind: "limit" };
  return UNKNOWN;
}

const TAKES_RECEIPTS: ReadonlySet<Action> = new Set(["BatchDeleteMessage", "ChangeMessageVisibility"]);

/**
 * InternalError and all unknown codes. For a confirmation the only safe reading is that its effect is unknown: it is tried
 * again while the window is open, and never counts as a success.
 */
const UNKNOWN: Meaning = { kind: "outage" };

const QUEUE = check(
  "ALIBABA_MNS_QUEUES, and that ALIBABA_MNS_ENDPOINT is of the account and region that have the queue",
);
const ENDPOINT = check("ALIBABA_MNS_ENDPOINT: it must be an endpoint of MNS, https://ACCOUNT.mns.REGION.aliyuncs.com");
const SIGNATURE = check("ALIBABA_CLOUD_ACCESS_KEY_SECRET: the signature was refused");

const MEANINGS: Readonly<Record<string, Meaning>> = {
  [ACCESS_DENIED]: check(
    "the rights of ALIBABA_CLOUD_ACCESS_KEY_ID in the console (RAM): it must receive and delete the queue's messages, change their visibility, and read the queue's attributes; temporary keys need ALIBABA_CLOUD_SECURITY_TOKEN",
  ),
  InvalidAccessKeyId: check(
    "ALIBABA_CLOUD_ACCESS_KEY_ID: there is no such key, or it is disabled; temporary keys need ALIBABA_CLOUD_SECURITY_TOKEN",
  ),
  SignatureDoesNotMatch: SIGNATURE,
  InvalidAuthorizationHeader: SIGNATURE,
  QueueNotExist: QUEUE,
  InvalidQueueName: QUEUE,
  QueueNameLengthError: QUEUE,
  InvalidRequestURL: ENDPOINT,
  InvalidVersionHeader: ENDPOINT,
  InvalidEndpoint: ENDPOINT,
  TimeExpired: { kind: "clock", fix: "set this machine's clock, best by NTP" },
  QpsLimitExceeded: { kind: "limit" },
};

function check(what: string): Meaning {
  return { kind: "configuration", fix: `check ${what}` };
}
