import { hash } from "node:crypto";
import type { EventRef } from "../core/event.ts";
import type { DueConfirmation } from "../core/inbox.ts";

/** Deadlines count from before the request, so they can be early but never late. */
export function confirmationOf(
  { id, fingerprint, source, type }: EventRef & { readonly type?: string },
  receipt: string,
  asked: number,
  openForMs: number,
  closedInMs: number,
): DueConfirmation {
  const times = { openUntil: asked + openForMs, closedFrom: asked + closedInMs };
  return { id, fingerprint, source, ...(type !== undefined && { type }), receipt, ...times };
}

/** A short form of the receipt for names of fields, because receipts are long. */
export function receiptHash(receipt: string): string {
  return hash("sha256", receipt, "base64url").slice(0, 22);
}
