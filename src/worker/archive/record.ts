/** One line of an archive. */
import { z } from "zod";
import { type CallbackEvent, isObject, type JsonObject } from "../../core/event.ts";

const Line = z.object({
  id: z.string(),
  fingerprint: z.string(),
  vendor: z.string(),
  source: z.string(),
  door: z.enum(["pull", "push"]),
  type: z.string(),
  receivedAt: z.string(),
  handledAt: z.string(),
  traceparent: z.string().exactOptional(),
  event: z.custom<JsonObject>(isObject, "is no object"),
});

export type ArchivedEvent = CallbackEvent & { readonly handledAt: string };

export function toRecord({ body, ...event }: CallbackEvent) {
  return { ...event, handledAt: new Date().toISOString(), event: body } satisfies z.input<typeof Line>;
}

/** Throws an error with the reason if the text is not a record. */
export function readRecord(text: string): ArchivedEvent {
  const parsed = Line.safeParse(JSON.parse(text));
  if (parsed.success) {
    const { event: body, ...event } = parsed.data;
    return { ...event, body };
  }
  throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join(", "));
}
