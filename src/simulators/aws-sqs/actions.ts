/** The actions of a queue, each from its parameters to its answer. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Queue, Received } from "../kit/queue.ts";
import { type Account, looksLikeHandle } from "./account.ts";
import { type Answer, refusal, success } from "./answers.ts";
import type { Action } from "./settings.ts";

export const Input = z.object({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  WaitTimeSeconds: z.int().min(0).max(20).default(0),
  VisibilityTimeout: z.int().min(0).max(43_200).default(30),
  ReceiptHandle: z.string().default(""),
  Entries: z
    .array(z.object({ Id: z.string(), ReceiptHandle: z.string() }))
    .max(10)
    .default([]),
});

type ActionCall = {
  readonly account: Account;
  readonly queue: Queue;
  readonly input: z.infer<typeof Input>;
  readonly signal: AbortSignal;
};

type Run = (call: ActionCall) => Answer | Promise<Answer>;

export const RUN: Readonly<Record<Action, Run>> = {
  ReceiveMessage: receive,
  DeleteMessageBatch: deleteBatch,
  ChangeMessageVisibility: changeVisibility,
  GetQueueAttributes: attributes,
};

async function receive({ account, queue, input, signal }: ActionCall): Promise<Answer> {
  const { longPollMs, visibilityMs: windowMs = input.VisibilityTimeout * 1_000 } = account.settings;
  const waitMs = Math.min(input.WaitTimeSeconds * 1_000, longPollMs);
  const received = await queue.receive({ most: input.MaxNumberOfMessages, waitMs, windowMs, signal });
  account.noteDelivered(received.length);
  return success(received.length === 0 ? {} : { Messages: received.map(toMessage) });
}

function toMessage({ handle, message: { body } }: Received) {
  return { MessageId: randomUUID(), ReceiptHandle: handle, Body: body };
}

/** An outdated handle is accepted without an error, but deletes nothing. */
function deleteBatch({ account, queue, input: { Entries } }: ActionCall): Answer {
  const spoiled = account.faults.strike("DeleteMessageBatch", "entries")?.codes ?? [];
  const failed = Entries.flatMap(({ Id, ReceiptHandle }, index) => {
    const code = spoiled[index] ?? (looksLikeHandle(ReceiptHandle) ? undefined : "ReceiptHandleIsInvalid");
    if (code !== undefined) return [{ Id, Code: code, SenderFault: true }];
    if (!queue.remove(ReceiptHandle, Date.now())) account.noteStale(1);
    return [];
  });
  const ids = new Set(failed.map(({ Id }) => Id));
  return success({ Successful: Entries.filter(({ Id }) => !ids.has(Id)).map(({ Id }) => ({ Id })), Failed: failed });
}

function changeVisibility({ account, queue, input }: ActionCall): Answer {
  queue.refresh(Date.now());
  if (queue.extend(input.ReceiptHandle, input.VisibilityTimeout * 1_000, Date.now())) return success();
  account.noteStale(1);
  return refusal(400, "MessageNotInflight", "The message referred to is not in flight.");
}

function attributes({ account, queue }: ActionCall): Answer {
  const { retentionMs, attributes: given } = account.settings;
  queue.refresh(Date.now());
  const numbers = {
    MessageRetentionPeriod: String(retentionMs / 1_000),
    ApproximateNumberOfMessages: String(queue.visible),
    ApproximateNumberOfMessagesNotVisible: String(queue.unconfirmed - queue.visible),
  };
  return success({ Attributes: { ...numbers, ...given } });
}
