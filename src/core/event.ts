/**
 * The words of this project.
 *
 * An **event** happened at a **vendor**. Each arrival of it is a **delivery**, which carries a **receipt**. The vendor
 * delivers until it gets the receipt back. The inbox turns deliveries into jobs, a **handler** runs, and only then does
 * the confirmer hand the newest receipt back.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

/** Plain data. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** How an event arrived: we pulled it from a source, or the vendor pushed it to a receiver. */
export type Door = "pull" | "push";

export type CallbackEvent = {
  /** One per occurrence, the same over redeliveries and retries. A genuine repeat with the same body has its own id. */
  readonly id: string;
  /** Identity of the content. It survives the loss of Redis; the id does not. */
  readonly fingerprint: string;
  readonly vendor: string;
  /** The configured source it came from, such as `VENDOR` or `VENDOR/APPLICATION`. */
  readonly source: string;
  readonly door: Door;
  readonly type: string;
  /** ISO time of the first arrival. */
  readonly receivedAt: string;
  /** The trace context that a callback came with, in the W3C format. */
  readonly traceparent?: string;
  /** The vendor's body without its receipt, and without nulls if only one of the vendor's doors sends them. */
  readonly body: JsonObject;
};

export type EventRef = Pick<CallbackEvent, "id" | "fingerprint" | "source">;

/** The type of a pushed event that is genuine but cannot be read. */
export const UNREADABLE = "(unreadable)";
