/** The four calls of MNS that a consumer needs. Signed by hand: see `call.ts` for what the vendor's own client gets wrong. */
import {
  type Attributes,
  type Extended,
  type Failed,
  type Message,
  readAttributes,
  readExtended,
  readFailed,
  readMessages,
} from "./answers.ts";
import { type CallerOptions, createCaller } from "./call.ts";
import { EMPTY, MnsError } from "./error-codes.ts";
import { writeElement, writeXml } from "./xml.ts";

export type MnsClientOptions = CallerOptions & { readonly queue: string };

/** Calls reject with a `VendorError` (an `MnsError` if MNS answered), or with the reason of `signal`. */
export type MnsClient = {
  /** None when the queue is empty. `answeredAt` is by the vendor's clock, whole seconds; NaN if it does not say. */
  receive(
    options: { readonly count: number; readonly waitSeconds: number },
    signal?: AbortSignal,
  ): Promise<{ readonly messages: readonly Message[]; readonly answeredAt: number }>;
  /** Resolves with those that were not deleted, and why. */
  remove(receipts: readonly string[], signal?: AbortSignal): Promise<readonly Failed[]>;
  extend(receipt: string, seconds: number, signal?: AbortSignal): Promise<Extended>;
  attributes(signal?: AbortSignal): Promise<Attributes>;
  readonly close: () => void;
};

/** On top of what a call is held: to connect, and for the answer to come. */
const PULL_SPARE_MS = 4_000;

export function createMnsClient(options: MnsClientOptions): MnsClient {
  const { call, close } = createCaller(options);
  const queue = `/queues/${encodeURIComponent(options.queue)}`;
  const path = `${queue}/messages`;

  return {
    async receive({ count, waitSeconds }, signal) {
      try {
        const { value, date } = await call(
          {
            action: "BatchReceiveMessage",
            method: "GET",
            path,
            query: { numOfMessages: count, waitseconds: waitSeconds },
            timeoutMs: waitSeconds * 1_000 + PULL_SPARE_MS,
            read: ({ status, root }) => (status === 200 ? readMessages(root) : undefined),
          },
          signal,
        );
        return { messages: value, answeredAt: date };
      } catch (err) {
        if (err instanceof MnsError && err.code === EMPTY) return { messages: [], answeredAt: Number.NaN };
        throw err;
      }
    },

    async remove(receipts, signal) {
      const handles = receipts.map((receipt) => writeElement("ReceiptHandle", receipt));
      const { value } = await call(
        {
          action: "BatchDeleteMessage",
          method: "DELETE",
          path,
          body: writeXml("ReceiptHandles", handles),
          secrets: receipts,
          // Only 204 says that all are gone. A 404 names those that are not.
          read: ({ status, root }) => (status === 204 ? [] : status === 404 ? readFailed(root, receipts) : undefined),
        },
        signal,
      );
      return value;
    },

    async extend(receipt, seconds, signal) {
      const { value } = await call(
        {
          action: "ChangeMessageVisibility",
          method: "PUT",
          path,
          query: { receiptHandle: receipt, visibilityTimeout: seconds },
          secrets: [receipt],
          read: ({ status, root }) => (status === 200 ? readExtended(root) : undefined),
        },
        signal,
      );
      return value;
    },

    async attributes(signal) {
      const { value } = await call(
        {
          action: "GetQueueAttributes",
          method: "GET",
          path: queue,
          read: ({ status, root }) => (status === 200 ? readAttributes(root) : undefined),
        },
        signal,
      );
      return value;
    },

    close,
  };
}
