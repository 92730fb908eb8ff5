/** What the error codes of MNS mean to us. Codes are matched, never messages or statuses: those may change. */
import { VendorError } from "../../../core/errors.ts";

export type Action = "BatchReceiveMessage" | "BatchDeleteMessage" | "ChangeMessageVisibility" | "GetQueueAttributes";

type Refusal = {
  readonly action: Action;
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
};

/** MNS answered with an error. `code` and `requestId` are what the vendor's support asks for. */
export class MnsError extends VendorError {
  readonly code: string;
  readonly requestId: string;

  /** `fix` stands instead of the general advice for the code. */
  constructor({ action, code, message, requestId }: Refusal, fix?: string) {
    const meaning = meaningOf(action, code);
    const advice = fix ?? meaning.fix;
    // No request id in the message: whether it is still the same trouble is told by comparing messages.
    super(meaning.kind, `${action}: ${code}: ${message}`, advice ? { fix: advice } : {});
    this.code = code;
    this.requestId = requestId;
  }
}

/** A receipt that is good for nothing: its message is gone, or came again since, or its window closed. */
export function isDeadReceipt(code: string): boolean {
  return DEAD_RECEIPT.has(code);
}

/** An empty queue is an error to MNS. */
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
 * InternalError and whatever is new. On a confirmation "whether it took effect is unknown" is the only safe reading: it is
 * tried again while the window is open and no longer, and is never taken for a success.
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
