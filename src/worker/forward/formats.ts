/** How an event is written into a request. */
import type { HandlerContext } from "../../core/handler.ts";

export const FORMATS = ["standard", "cloudevents"] as const;
export type Format = (typeof FORMATS)[number];

type Written = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

export function write(format: Format, context: HandlerContext): Written {
  return format === "cloudevents" ? cloudEvent(context) : standard(context);
}

/** All of it is in the body, and so is signed. */
function standard({ event, attempt, replay }: HandlerContext): Written {
  const { id, fingerprint, vendor, door, type, receivedAt } = event;
  const told = { id, fingerprint, vendor, door, type, receivedAt, attempt, ...(replay && { replay }) };
  return { headers: {}, body: JSON.stringify({ ...told, event: event.body }) };
}

/** CloudEvents 1.0 in binary mode: the body is what the vendor sent, all else stands in headers. */
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

/** As CloudEvents ask for: what a header cannot carry, the space, the quote and the percent sign, byte by byte. */
function encode(value: string): string {
  return value
    .toWellFormed()
    .replaceAll(/[^\x21-\x7e]|["%]/gu, (sign) =>
      [...Buffer.from(sign)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
    );
}
