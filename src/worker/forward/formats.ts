/** How an event is written into a request. */
import type { HandlerContext } from "../../core/handler.ts";

export const FORMATS = ["standard", "cloudevents"] as const;
export type Format = (typeof FORMATS)[number];

type Written = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

export function write(format: Format, context: HandlerContext): Written {
  return format === "cloudevents" ? cloudEvent(context) : standard(context);
}

/** Everything is in the body, and is therefore signed. */
function standard({ event, attempt, replay }: HandlerContext): Written {
  const { id, fingerprint, vendor, door, type, receivedAt } = event;
  const told = { id, fingerprint, vendor, door, type, receivedAt, attempt, ...(replay && { replay }) };
  return { headers: {}, body: JSON.stringify({ ...told, event: event.body }) };
}

/** CloudEvents 1.0 in binary mode: the body is the vendor's, and headers carry everything else. */
function cloudEvent({ event, attempt, replay }: HandlerContext): Written {
  const attributes = {
    specversion: "1.0",
    id: event.id,
    source: event.source,
    type: `${event.vendor}.${event.type}`,
    time: event.receivedAt,
    fingerprint: event.fingerprint,
    attempt: String(attempt),
    ...(replay && { replayof: replay.id }),
    ...(event.traceparent !== undefined && { traceparent: event.traceparent }),
  };
  const headers = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encode(value)]);
  return { headers: Object.fromEntries(headers), body: JSON.stringify(event.body) };
}

/**
 * Percent-encodes, as CloudEvents requires: characters that a header cannot carry, spaces, quotes and percent signs.
 */
function encode(value: string): string {
  return value
    .toWellFormed()
    .replaceAll(/[^\x21-\x7e]|["%]/gu, (sign) =>
      [...Buffer.from(sign)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
    );
}
