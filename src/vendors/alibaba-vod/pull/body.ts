import type { JsonObject } from "../../../core/event.ts";
import { readEvent } from "../events/events.ts";

/** Reads a message's body: the event as JSON, or JSON in base64, as some clients send it. Undefined for anything else. */
export function readBody(text: string): { readonly type: string; readonly body: JsonObject } | undefined {
  return readEvent(text) ?? readEvent(unpacked(text));
}

/** Node decodes any text as base64, so other texts must be recognised before. */
function unpacked(text: string): string {
  const packed = text.replaceAll(/\s/g, "");
  if (!/^[\w+/-]+={0,2}$/.test(packed)) return "";
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(packed, "base64"));
  } catch {
    return "";
  }
}
