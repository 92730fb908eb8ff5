/** A task of Tencent VOD, or a part of one, tells its failure in these fields. FINISH alone is no success. */
import { textIn } from "../../parsing/read-fields.ts";
import { isObject, type JsonObject } from "../../../core/event.ts";

/** The fault in words, undefined if there is none. */
export function faultOf(task: JsonObject): string | undefined {
  const code = codeOf(task);
  const hasFailed = code !== undefined || textIn(task, "Status") === "FAIL";
  return hasFailed
    ? [code ?? "FAIL", textIn(task, "Message")].filter((part) => part !== undefined).join(": ")
    : undefined;
}

/** Undefined for a good one. A code is a number here, a text there, and missing elsewhere; 0, "" and "SUCCESS" are good. */
export function codeOf(task: JsonObject): string | undefined {
  return [textIn(task, "ErrCodeExt"), textIn(task, "ErrCode")].find(
    (code) => code !== undefined && !/^\s*(0|success)\s*$/i.test(code),
  );
}

export function isUnderWay(task: JsonObject): boolean {
  return ["PROCESSING", "WAITING"].includes(textIn(task, "Status") ?? "");
}

/** Results of a procedure stand under the name of their kind: `{ Type: "Transcode", TranscodeTask: { ... } }`. */
export function taskOf(result: JsonObject): JsonObject {
  const [, task] = taskEntryOf(result);
  return task;
}

/** With the name that it stands under. */
export function taskEntryOf(result: JsonObject): readonly [key: string | undefined, task: JsonObject] {
  for (const [key, value] of Object.entries(result)) if (key.endsWith("Task") && isObject(value)) return [key, value];
  return [undefined, {}];
}
