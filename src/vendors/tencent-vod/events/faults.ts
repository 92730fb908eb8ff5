/**
 * Reads the fields in which a task of Tencent VOD, or a part of one, reports its failure. FINISH alone is no success.
 */
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

/** Undefined for success. The code may be a number, a text, or missing. 0, "" and "SUCCESS" mean success. */
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

/** The task and the name of its field. */
export function taskEntryOf(result: JsonObject): readonly [key: string | undefined, task: JsonObject] {
  for (const [key, value] of Object.entries(result)) if (key.endsWith("Task") && isObject(value)) return [key, value];
  return [undefined, {}];
}
