/** Whether a task of Tencent VOD, or a part of one, did what it should. FINISH alone is no success. */
import { textIn } from "../../parsing/read-fields.ts";
import type { JsonObject } from "../../../core/event.ts";

/** The fault in words, undefined if there is none. A code is a number here and a text there; 0 and "" are good. */
export function faultOf(task: JsonObject): string | undefined {
  const code = [textIn(task, "ErrCodeExt"), textIn(task, "ErrCode")].find((one) => one !== undefined && one !== "0");
  const hasFailed = code !== undefined || textIn(task, "Status") === "FAIL";
  return hasFailed
    ? [code ?? "FAIL", textIn(task, "Message")].filter((part) => part !== undefined).join(": ")
    : undefined;
}

export function isUnderWay(task: JsonObject): boolean {
  return ["PROCESSING", "WAITING"].includes(textIn(task, "Status") ?? "");
}

/** Results of a procedure stand under the name of their kind: `{ Type: "Transcode", TranscodeTask: { ... } }`. */
export function taskOf(result: JsonObject): JsonObject {
  const [, task] = Object.entries(result).find(([key, value]) => key.endsWith("Task") && value !== null) ?? [];
  return typeof task === "object" && task !== null ? { ...task } : {};
}
