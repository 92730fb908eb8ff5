import type { JsonObject } from "../../../core/event.ts";
import { readEvent } from "../events/events.ts";

/** A message's body is the event as JSON, or that in base64, as some clients have it; undefined for anything else. */
export function readBody(text: string): { readonly type: string; readonly body: JsonObject } | undefined {
  return readEvent(text) ?? readEvent(unpacked(text));
}

/** Node decodes whatever it is given, so that what is no base64 must be told before. */
function unpacked(text: string): string {
  const packed = text.replaceAll(/\s/g, "");
  if (!/^[\w+/-]+={0,2}$/.test(packed)) return "";
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(packed, "base64"));
  } catch {
    return "";
  }
}
