/** The actions of a queue, each from its parameters to its answer. */
import { createHash } from "node:crypto";
import type { Queue, Received } from "../kit/queue.ts";
import { type Account, publish } from "./account.ts";
import { type Answer, refusal, success } from "./answers.ts";
import type { Action } from "./settings.ts";
import { textsIn, writeElement, writeXml } from "./xml.ts";

type ActionCall = {
  readonly account: Account;
  readonly name: string;
  readonly queue: Queue;
  /** Names in lower case: the vendor's own clients spell them in two ways. */
  readonly query: ReadonlyMap<string, string>;
  readonly body: string;
  readonly signal: AbortSignal;
};

type Run = (call: ActionCall) => Answer | Promise<Answer>;

const BATCH = 16;
const MAX_WAIT_S = 30;
const MAX_VISIBILITY_S = 43_200;

export const RUN: Readonly<Record<Action, Run>> = {
  ReceiveMessage: (call) => receive(call, "ReceiveMessage"),
  BatchReceiveMessage: (call) => receive(call, "BatchReceiveMessage"),
  DeleteMessage: deleteMessage,
  BatchDeleteMessage: batchDelete,
  ChangeMessageVisibility: changeVisibility,
  SendMessage: sendMessage,
  GetQueueAttributes: attributes,
};

/** Undefined for an unknown action. */
export function actionOf(method: string, isMessages: boolean, query: ReadonlyMap<string, string>): Action | undefined {
  if (!isMessages) return method === "GET" ? "GetQueueAttributes" : undefined;
  if (method === "GET") return query.has("numofmessages") ? "BatchReceiveMessage" : "ReceiveMessage";
  if (method === "DELETE") return query.has("receipthandle") ? "DeleteMessage" : "BatchDeleteMessage";
  if (method === "PUT") return "ChangeMessageVisibility";
  return method === "POST" ? "SendMessage" : undefined;
}

async function receive(
  { account, queue, query, signal }: ActionCall,
  action: "ReceiveMessage" | "BatchReceiveMessage",
): Promise<Answer> {
  const isBatch = action === "BatchReceiveMessage";
  const count = isBatch ? wholeIn(query.get("numofmessages"), 1, BATCH) : 1;
  const seconds = wholeIn(query.get("waitseconds") ?? "0", 0, MAX_WAIT_S);
  if (count === undefined || seconds === undefined) return invalid("numOfMessages or waitseconds is out of range.");
  queue.refresh(Date.now());
  const isCut = seconds > 0 && queue.visible === 0 && account.faults.strike(action, "early-empty") !== undefined;
  const { longPollMs, visibilityMs: windowMs } = account.settings;
  const waitMs = isCut ? 0 : Math.min(seconds * 1_000, longPollMs);
  const received = await queue.receive({ most: count, waitMs, windowMs, signal });
  account.noteDelivered(received.length);
  if (received.length === 0) return refusal(404, "MessageNotExist", "Message not exist.");
  const offsetMs = account.settings.clockOffsetMs;
  const [first = []] = received.map((item) => fieldsOf(item, offsetMs));
  if (!isBatch) return success(200, writeXml("Message", first));
  const messages = received.map((item) => writeElement("Message", fieldsOf(item, offsetMs)));
  return success(200, writeXml("Messages", messages));
}

function fieldsOf({ message, handle, until }: Received, offsetMs: number): readonly string[] {
  const { number, body, publishedAt, firstDeliveredAt = 0, timesDelivered } = message;
  return [
    writeElement("MessageId", `5F290C926D472878-2-14D9529A8FA-${200_000_000 + number}`),
    writeElement("ReceiptHandle", handle),
    writeElement("MessageBody", body),
    writeElement("MessageBodyMD5", createHash("md5").update(body).digest("hex").toUpperCase()),
    writeElement("EnqueueTime", Math.round(publishedAt + offsetMs)),
    writeElement("NextVisibleTime", Math.round(until + offsetMs)),
    writeElement("FirstDequeueTime", Math.round(firstDeliveredAt + offsetMs)),
    writeElement("DequeueCount", timesDelivered),
    writeElement("Priority", 8),
  ];
}

function deleteMessage({ account, queue, query }: ActionCall): Answer {
  const handle = query.get("receipthandle") ?? "";
  const isStale = account.faults.strike("DeleteMessage", "stale") !== undefined;
  if (!isStale && queue.remove(handle, Date.now())) return success(204);
  account.noteStale(1);
  return refusal(...dead(queue, handle));
}

/** 204 if all messages are deleted. Otherwise the answer names the others. */
function batchDelete({ account, queue, body }: ActionCall): Answer {
  const handles = textsIn(body, "ReceiptHandles", "ReceiptHandle");
  if (!handles) return refusal(400, "MalformedXML", "The XML you provided was not well-formed.");
  if (handles.length === 0 || handles.length > BATCH) return invalid("1 to 16 ReceiptHandles are required.");
  const fault = account.faults.strike("BatchDeleteMessage", "stale");
  const stale = fault ? (fault.items ?? handles.length) : 0;
  const now = Date.now();
  const failed = handles.filter((handle, index) => index < stale || !queue.remove(handle, now));
  if (failed.length === 0) return success(204);
  account.noteStale(failed.length);
  const errors = failed.map((handle) => {
    const [, code, message] = dead(queue, handle);
    const fields = { ErrorCode: code, ErrorMessage: message, ReceiptHandle: handle };
    return writeElement(
      "Error",
      Object.entries(fields).map(([name, value]) => writeElement(name, value)),
    );
  });
  return { status: 404, text: writeXml("Errors", errors), outcome: "partial" };
}

function changeVisibility({ account, queue, query }: ActionCall): Answer {
  const seconds = wholeIn(query.get("visibilitytimeout"), 1, MAX_VISIBILITY_S);
  if (seconds === undefined) return invalid("VisibilityTimeout is out of range.");
  const handle = query.get("receipthandle") ?? "";
  const extended = queue.extend(handle, seconds * 1_000, Date.now());
  if (!extended) {
    account.noteStale(1);
    return refusal(...dead(queue, handle));
  }
  const until = Math.round(extended.until + account.settings.clockOffsetMs);
  const fields = [writeElement("ReceiptHandle", extended.handle), writeElement("NextVisibleTime", until)];
  return success(200, writeXml("ChangeVisibility", fields));
}

function sendMessage({ account, name, body }: ActionCall): Answer {
  const [text] = textsIn(body, "Message", "MessageBody") ?? [];
  if (text === undefined) return refusal(400, "MalformedXML", "The XML you provided was not well-formed.");
  const [id = ""] = publish(account, text, { queue: name });
  const md5 = createHash("md5").update(text).digest("hex").toUpperCase();
  return success(201, writeXml("Message", [writeElement("MessageId", id), writeElement("MessageBodyMD5", md5)]));
}

function attributes({ account, name, queue }: ActionCall): Answer {
  const { visibilityMs, retentionMs } = account.settings;
  queue.refresh(Date.now());
  const fields = {
    QueueName: name,
    VisibilityTimeout: visibilityMs / 1_000,
    MaximumMessageSize: 65_536,
    MessageRetentionPeriod: retentionMs / 1_000,
    DelaySeconds: 0,
    PollingWaitSeconds: 0,
    ActiveMessages: queue.visible,
    InactiveMessages: queue.unconfirmed - queue.visible,
    DelayMessages: 0,
  };
  return success(
    200,
    writeXml(
      "Queue",
      Object.entries(fields).map(([field, value]) => writeElement(field, value)),
    ),
  );
}

/** The vendor's answer to an invalid handle. */
function dead(queue: Queue, handle: string): readonly [status: number, code: string, message: string] {
  return queue.knows(handle)
    ? [400, "ReceiptHandleError", "The receipt handle you provide is not valid."]
    : [404, "MessageNotExist", "Message not exist."];
}

function invalid(message: string): Answer {
  return refusal(400, "InvalidArgument", message);
}

function wholeIn(text: string | undefined, least: number, most: number): number | undefined {
  const value = /^\d{1,6}$/.test(text ?? "") ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}
