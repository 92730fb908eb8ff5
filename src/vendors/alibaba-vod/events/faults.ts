import { textIn } from "../../parsing/read-fields.ts";
import type { JsonObject } from "../../../core/event.ts";

/** The fault of an event or a part of one, as the view shows it, in words; undefined if there is none. */
export function faultOf(view: JsonObject): string | undefined {
  if (view["ok"] !== false) return undefined;
  const said = [textIn(view, "ErrorCode"), textIn(view, "ErrorMessage")].filter((part) => part !== undefined);
  return said.length > 0 ? said.join(": ") : (textIn(view, "Status") ?? "failed");
}
