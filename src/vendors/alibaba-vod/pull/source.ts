/**
 * A queue of Alibaba Cloud MNS as a source of VOD events: BatchReceiveMessage, BatchDeleteMessage, the queue's attributes.
 *
 * MNS answers at once if a message is visible, else at the end of the long poll, with the error MessageNotExist. Every
 * delivery carries a new ReceiptHandle. Only the newest one deletes the message, and only while its window is open. A
 * deletion has an answer for each receipt. Delivery is at least once, and the vendor may put one event into the queue
 * twice. So an event is recognised by its content and not by its MessageId.
 */
import type { Logger } from "pino";
import { VendorError } from "../../../core/errors.ts";
import { OFTEN } from "../../../core/log-groups.ts";
import { fingerprint } from "../../../core/fingerprint.ts";
import { UNREADABLE } from "../../../core/event.ts";
import type { Delivery, Extended, Pulled, Source } from "../../../core/source.ts";
import { VENDOR } from "../events/events.ts";
import { createRetention } from "../../retention.ts";
import type { Attributes, Message } from "./answers.ts";
import { readBody } from "./body.ts";
import { checkQueue } from "./check.ts";
import { createMnsClient, type MnsClientOptions } from "./client.ts";
import { isDeadReceipt } from "./error-codes.ts";
import { createWindow } from "./window.ts";

export type MnsSourceOptions = MnsClientOptions & {
  /** How long the queue hides a delivered message. Used until the queue itself reports it. */
  readonly visibilityMs?: number | undefined;
  /** 1 to 10, because the inbox refuses the events of a pull that takes longer than 15 s. */
  readonly waitSeconds?: number | undefined;
  readonly maxCallsPerSecond?: number | undefined;
  /** If an empty answer comes faster than this, the vendor did not wait for events. */
  readonly waitedAfterMs?: number | undefined;
  readonly log: Logger;
};

export interface MnsSource extends Source {
  backlog(signal?: AbortSignal): Promise<number>;
  /**
   * Keeps a message hidden for `ms` from now on, in whole seconds and for 12 h at the most. The old receipt becomes
   * invalid. Rejects as `refused` if it was invalid already.
   */
  extend(receipt: string, ms: number, signal?: AbortSignal): Promise<Extended>;
  /** Closes the kept connections. */
  readonly close: () => void;
}

const VISIBILITY_MS = 30_000;
const DAY_MS = 24 * 3_600_000;
const RETENTION_MS = 4 * DAY_MS;
/** The longest retention that a queue can have. */
const LONGEST_RETENTION_MS = 7 * DAY_MS;
const BATCH_SIZE = 16;
const CALLS_PER_SECOND = 100;
/** So a pull ends within 12 s, and its deliveries have most of their window left. */
const WAIT_SECONDS = 8;
const MOST_WAIT_SECONDS = 10;
/** The share of the requested waiting time that counts as waited. Clocks and networks differ a little. */
const WAITED_SHARE = 0.8;
const MOST_EXTENSION_SECONDS = 43_200;
/** After so many shortened long polls in a row, a warning is logged. */
const CUT_SHORT = 10;

export function createMnsSource(options: MnsSourceOptions): MnsSource {
  const { queue, log } = options;
  const name = `${VENDOR}/mns/${queue}`;
  const waitSeconds = Math.min(Math.max(options.waitSeconds ?? WAIT_SECONDS, 1), MOST_WAIT_SECONDS);
  const waitedAfterMs = options.waitedAfterMs ?? waitSeconds * 1_000 * WAITED_SHARE;
  const client = createMnsClient(options);
  const window = createWindow(options.visibilityMs ?? VISIBILITY_MS);
  const retention = createRetention(RETENTION_MS, LONGEST_RETENTION_MS);
  let cutShort = 0;

  return {
    name,
    vendor: VENDOR,
    get windowMs() {
      return window.ms;
    },
    get retentionMs() {
      return retention.ms;
    },
    get longestRetentionMs() {
      return retention.longestMs;
    },
    batchSize: BATCH_SIZE,
    maxCallsPerSecond: options.maxCallsPerSecond ?? CALLS_PER_SECOND,
    billsCalls: true,

    async pull(max, signal): Promise<Pulled> {
      const asked = performance.now();
      const { messages, answeredAt } = await client.receive({ count: Math.min(max, BATCH_SIZE), waitSeconds }, signal);
      window.learn(messages, answeredAt);
      const waited = messages.length === 0 && performance.now() - asked >= waitedAfterMs;
      noteCutShort(messages.length === 0 && !waited);
      return { deliveries: messages.flatMap((message) => toDelivery(message)), waited };
    },

    async confirm(receipts, signal) {
      if (receipts.length === 0) return { refused: [] };
      const failed = await client.remove(receipts, signal);
      const unknown = failed.find(({ code }) => !isDeadReceipt(code));
      // Some may be deleted already. The next try for all of them shows which: those are refused then.
      if (unknown) throw new VendorError("outage", `BatchDeleteMessage: ${unknown.code} for some of the messages`);
      return { refused: failed.map(({ receipt }) => receipt) };
    },

    async extend(receipt, ms, signal) {
      const seconds = Math.min(Math.max(Math.ceil(ms / 1_000), 1), MOST_EXTENSION_SECONDS);
      const extended = await client.extend(receipt, seconds, signal);
      return { receipt: extended.receipt, windowMs: seconds * 1_000 };
    },

    check: (signal) => checkQueue(() => look(signal), queue, signal),

    async backlog(signal) {
      return (await look(signal)).waiting;
    },

    close: client.close,
  };

  /** Reads the attributes. Their times are used from now on. */
  async function look(signal?: AbortSignal): Promise<Attributes> {
    const attributes = await client.attributes(signal);
    window.set(attributes.visibilitySeconds * 1_000);
    retention.learn(attributes.retentionSeconds * 1_000);
    return attributes;
  }

  /** If one message cannot be read, the others are still delivered. */
  function toDelivery({ receipt, body: text }: Message): Delivery[] {
    if (receipt === "") {
      log.error({ ...OFTEN, source: name }, "a message without a ReceiptHandle can be neither handled nor confirmed");
      return [];
    }
    const { type, body } = readBody(text) ?? { type: UNREADABLE, body: { raw: text } };
    return [{ receipt, type, body, fingerprint: fingerprint(name, body) }];
  }

  /** Beyond its limit of long polls MNS answers at once for an empty queue, and bills each of these answers. */
  function noteCutShort(is: boolean): void {
    cutShort = is ? cutShort + 1 : 0;
    if (cutShort !== CUT_SHORT) return;
    log.warn(
      { source: name, waitSeconds },
      "the queue is empty and answers at once instead of waiting: it has more long polls than MNS allows, from here or elsewhere",
    );
  }
}
