/** Reads from the XML answers of MNS the fields that we need. An answer of another shape gives undefined, or no items. */
import { childrenOf, textOf, type XmlElement } from "./xml.ts";

export type Message = {
  readonly receipt: string;
  readonly body: string;
  /** How often it was delivered, this time included. */
  readonly timesDelivered: number;
  /** UNIX times in ms by the vendor's clock. NaN if the answer has none. */
  readonly firstDeliveredAt: number;
  readonly visibleAgainAt: number;
};

/** A receipt that deleted nothing. */
export type Failed = { readonly receipt: string; readonly code: string };
export type Extended = { readonly receipt: string };

export type Attributes = {
  readonly visibilitySeconds: number;
  readonly retentionSeconds: number;
  /** The number of visible messages. It is some minutes old. */
  readonly waiting: number;
};

/** The vendor's longest code has a quarter of this length. A longer one would only flood logs and pages. */
const MOST_OF_A_CODE = 100;

/** A message without a receipt gets an empty one, so that the source can report it. */
export function readMessages(root: XmlElement | undefined): readonly Message[] | undefined {
  if (root?.name !== "Messages") return undefined;
  return childrenOf(root, "Message").map((message) => ({
    receipt: textOf(message, "ReceiptHandle")?.trim() ?? "",
    body: textOf(message, "MessageBody") ?? "",
    timesDelivered: numberOf(message, "DequeueCount"),
    firstDeliveredAt: numberOf(message, "FirstDequeueTime"),
    visibleAgainAt: numberOf(message, "NextVisibleTime"),
  }));
}

/** Only receipts of this call, and at least one: an answer that names no failed receipt does not show what was deleted. */
export function readFailed(root: XmlElement | undefined, receipts: readonly string[]): readonly Failed[] | undefined {
  if (root?.name !== "Errors") return undefined;
  const failed = childrenOf(root, "Error").map((error) => ({
    receipt: textOf(error, "ReceiptHandle")?.trim() ?? "",
    code: codeIn(error, "ErrorCode"),
  }));
  return failed.length > 0 && failed.every(({ receipt }) => receipts.includes(receipt)) ? failed : undefined;
}

export function readExtended(root: XmlElement | undefined): Extended | undefined {
  const receipt = root?.name === "ChangeVisibility" ? textOf(root, "ReceiptHandle")?.trim() : undefined;
  return receipt ? { receipt } : undefined;
}

export function readAttributes(root: XmlElement | undefined): Attributes | undefined {
  if (root?.name !== "Queue") return undefined;
  const visibilitySeconds = numberOf(root, "VisibilityTimeout");
  const retentionSeconds = numberOf(root, "MessageRetentionPeriod");
  if (!(visibilitySeconds > 0) || !(retentionSeconds > 0)) return undefined;
  return { visibilitySeconds, retentionSeconds, waiting: numberOf(root, "ActiveMessages") || 0 };
}

/** The error of a whole call that MNS refuses. */
export function readError(
  root: XmlElement,
): { readonly code: string; readonly message: string; readonly requestId: string } | undefined {
  if (root.name !== "Error") return undefined;
  const [message = "", requestId = ""] = ["Message", "RequestId"].map((name) => textOf(root, name));
  return { code: codeIn(root, "Code") || "no code", message, requestId };
}

function codeIn(element: XmlElement, name: string): string {
  return (textOf(element, name)?.trim() ?? "").slice(0, MOST_OF_A_CODE);
}

function numberOf(element: XmlElement, name: string): number {
  const text = textOf(element, name)?.trim() ?? "";
  return /^\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}
