/**
 * A queue of SQS as a source of MediaConvert's events, which an EventBridge rule puts there.
 *
 * Every delivery carries a new ReceiptHandle. A standard queue silently accepts a dead one and deletes nothing. So a
 * receipt here begins with the time when its window closes, and after that time it is refused without a call. The time is
 * by the clock of the process that pulled. If clocks differ, an event may come back once more, but none is lost.
 */
import { z } from "zod";
import { VendorError } from "../../../core/errors.ts";
import { fingerprint } from "../../../core/fingerprint.ts";
import { UNREADABLE } from "../../../core/event.ts";
import { type Finding, findingOf } from "../../../core/finding.ts";
import type { Delivery, Source } from "../../../core/source.ts";
import { readEvent, VENDOR } from "../events/events.ts";
import { createRetention } from "../../retention.ts";
import { createSqs, MOST_OF_A_CODE, regionOf, type SqsOptions } from "./sqs.ts";

export type MediaConvertSourceOptions = SqsOptions & {
  /** How long a delivered message stays hidden. The queue's own setting does not matter. */
  readonly visibilityMs?: number | undefined;
  /** If an empty answer comes faster than this, the vendor did not wait for events. */
  readonly waitedAfterMs?: number | undefined;
};

const VISIBILITY_MS = 60_000;
const DAY_S = 86_400;
const RETENTION_MS = 4 * DAY_S * 1_000;
/** The longest retention that a queue can have. */
const LONGEST_RETENTION_MS = 14 * DAY_S * 1_000;
const BATCH_SIZE = 10;
/** SQS has no limit of its own. This one allows 60,000 parked events, and a queue hides at most 120,000 messages. */
const CALLS_PER_SECOND = 100;
/** The inbox refuses the events of a pull that takes longer than 15 s. */
const WAIT_SECONDS = 8;
const PULL_TIMEOUT_MS = 12_000;

const Received = z.object({
  Messages: z.array(z.object({ Body: z.string(), ReceiptHandle: z.string() })).nullish(),
});
const Deleted = z.object({
  Successful: z.array(z.object({ Id: z.string() })).nullish(),
  Failed: z.array(z.object({ Id: z.string(), Code: z.string() })).nullish(),
});
const Attributes = z.object({
  MessageRetentionPeriod: z.coerce.number(),
  ApproximateNumberOfMessages: z.coerce.number(),
  RedrivePolicy: z.string().optional(),
});
type Attributes = z.infer<typeof Attributes>;

export function createMediaConvertSource(options: MediaConvertSourceOptions): Source {
  const { queueUrl, visibilityMs = VISIBILITY_MS, waitedAfterMs = WAIT_SECONDS * 800 } = options;
  const { hostname, pathname } = new URL(queueUrl);
  const queue = pathname.split("/").at(-1) ?? "";
  const name = `${VENDOR}/${regionOf(hostname)}/${queue}`;
  const call = createSqs(options);
  const retention = createRetention(RETENTION_MS, LONGEST_RETENTION_MS);

  return {
    name,
    vendor: VENDOR,
    windowMs: visibilityMs,
    get retentionMs() {
      return retention.ms;
    },
    get longestRetentionMs() {
      return retention.longestMs;
    },
    batchSize: BATCH_SIZE,
    maxCallsPerSecond: CALLS_PER_SECOND,
    billsCalls: true,

    async pull(max, signal) {
      const asked = performance.now();
      const closesAt = Date.now() + visibilityMs;
      const seconds = Math.ceil(visibilityMs / 1_000);
      const input = {
        MaxNumberOfMessages: Math.min(max, BATCH_SIZE),
        WaitTimeSeconds: WAIT_SECONDS,
        VisibilityTimeout: seconds,
      };
      const asking = { action: "ReceiveMessage", answer: Received, timeoutMs: PULL_TIMEOUT_MS } as const;
      const { Messages } = await call({ ...asking, input }, signal);
      const deliveries = (Messages ?? []).map(({ Body, ReceiptHandle }) =>
        toDelivery(Body, toReceipt(ReceiptHandle, closesAt)),
      );
      return { deliveries, waited: deliveries.length === 0 && performance.now() - asked >= waitedAfterMs };
    },

    async confirm(receipts, signal) {
      const open = receipts.filter(isOpen);
      if (open.length === 0) return { refused: receipts };
      const Entries = open.map((receipt, index) => ({ Id: String(index), ReceiptHandle: handleOf(receipt) }));
      const secrets = Entries.map(({ ReceiptHandle }) => ReceiptHandle);
      const { Successful, Failed } = await call(
        { action: "DeleteMessageBatch", input: { Entries }, answer: Deleted, secrets },
        signal,
      );
      // Some may be deleted already. Deleting them again does no harm.
      const known = Failed?.filter(({ Code }) => /ReceiptHandle|InvalidParameterValue/.test(Code)) ?? [];
      const told = new Set([...(Successful ?? []), ...known].map(({ Id }) => Id));
      if (!Entries.every(({ Id }) => told.has(Id))) {
        const code = Failed?.find(({ Id }) => !told.has(Id))?.Code.slice(0, MOST_OF_A_CODE) ?? "no answer";
        throw new VendorError("outage", `DeleteMessageBatch: ${code} for some of the messages`);
      }
      const failed = new Set(known.map(({ Id }) => open[Number(Id)]));
      return { refused: receipts.filter((receipt) => !open.includes(receipt) || failed.has(receipt)) };
    },

    async extend(receipt, ms, signal) {
      if (!isOpen(receipt))
        throw new VendorError("refused", "ChangeMessageVisibility: the receipt's window has closed");
      const VisibilityTimeout = Math.max(Math.ceil(ms / 1_000), 1);
      const windowMs = VisibilityTimeout * 1_000;
      const closesAt = Date.now() + windowMs;
      const ReceiptHandle = handleOf(receipt);
      const asking = {
        action: "ChangeMessageVisibility",
        secrets: [ReceiptHandle],
        answer: z.looseObject({}),
      } as const;
      await call({ ...asking, input: { ReceiptHandle, VisibilityTimeout } }, signal);
      return { receipt: toReceipt(ReceiptHandle, closesAt), windowMs };
    },

    async check(signal) {
      try {
        const attributes = await look(signal);
        const fact = `queue ${queue} keeps events for ${attributes.MessageRetentionPeriod / DAY_S} days`;
        const findings = findingsOn(attributes);
        return findings.length > 0 ? findings : [{ level: "ok", fact }];
      } catch (err) {
        return [findingOf(err, mayNotLook)];
      }
    },

    backlog: async (signal) => (await look(signal)).ApproximateNumberOfMessages,
    close: () => {},
  };

  async function look(signal?: AbortSignal): Promise<Attributes> {
    const input = { AttributeNames: ["All"] };
    const { Attributes: told } = await call(
      { action: "GetQueueAttributes", input, answer: z.object({ Attributes }) },
      signal,
    );
    retention.learn(told.MessageRetentionPeriod * 1_000);
    return told;
  }

  function toDelivery(text: string, receipt: string): Delivery {
    const { type, body } = readEvent(text) ?? { type: UNREADABLE, body: { raw: text } };
    return { receipt, type, body, fingerprint: fingerprint(name, body) };
  }
}

function toReceipt(handle: string, closesAt: number): string {
  return `${closesAt} ${handle}`;
}

function handleOf(receipt: string): string {
  return receipt.slice(receipt.indexOf(" ") + 1);
}

/** A receipt that is not in our form is sent to the vendor, which decides. */
function isOpen(receipt: string): boolean {
  return !(Date.now() >= Number.parseInt(receipt, 10));
}

/** A parked event stays unconfirmed here, so it depends on redeliveries. */
function findingsOn({ MessageRetentionPeriod: seconds, RedrivePolicy }: Attributes): readonly Finding[] {
  const short = `the queue keeps messages for only ${Math.round(seconds / 60)} min: an outage that lasts longer loses events`;
  const leak = "the queue moves what was delivered several times to a dead-letter queue: parked events leave by it";
  return [
    ...(seconds < DAY_S ? [warning(short, "set its message retention period to 4 days or more")] : []),
    ...(RedrivePolicy === undefined ? [] : [warning(leak, "switch its redrive policy off")]),
  ];
}

function warning(fact: string, fix: string): Finding {
  return { level: "warn", fact, fix };
}

function mayNotLook({ message }: VendorError): boolean {
  return message.includes("AccessDenied");
}
