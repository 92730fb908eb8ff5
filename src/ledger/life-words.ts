/** The words that scripts get for the history, see `lua/life.lua`. All are empty if no history is kept. */
import type { CallbackEvent, EventRef, JsonObject } from "../core/event.ts";
import type { Delivery } from "../core/source.ts";

export type LifeWords = {
  /** The name of this process. */
  readonly replica: string;
  /** The life of a new event that begins with this delivery, without the event's id. */
  born(delivery: Pick<Delivery, "type" | "receipt">, subjects: readonly string[]): string;
  /** The beginning of a pushed event's life. Empty for a pulled event, whose life is known. */
  pushed(event: EventRef | CallbackEvent): string;
  error(text: string): string;
  /** A person's reason and name. */
  reason(text: string, by?: string): string;
};

export const NO_HISTORY: LifeWords = {
  replica: "",
  born: () => "",
  pushed: () => "",
  error: () => "",
  reason: () => "",
};

const MAX_TEXT = 240;
const RECEIPT_END = 6;

export function createLifeWords(
  replicaName: string,
  subjectsOf: (vendor: string, body: JsonObject) => readonly string[],
): LifeWords {
  const replica = replicaName.replaceAll(/[^\w.:-]/g, "-");
  return {
    replica,
    born: ({ type, receipt }, subjects) => `${aboutOf(type, subjects)}\t1 0;d0 ${endOf(receipt)} ${replica}`,
    pushed(event) {
      if (!("door" in event) || event.door === "pull") return "";
      return `${Date.parse(event.receivedAt)}\t${aboutOf(event.type, subjectsOf(event.vendor, event.body))}`;
    },
    error: oneLine,
    reason: (text, by = "") => `${oneLine(text) || "without a reason"}${by === "" ? "" : ` (by ${oneLine(by)})`}`,
  };
}

function aboutOf(type: string, subjects: readonly string[]): string {
  return `${PLAIN.test(type) ? type : oneLine(type)}\t${JSON.stringify(subjects).slice(1, -1)}`;
}

const PLAIN = /^[\w.:-]{1,100}$/;

/** Enough to recognise a receipt, and too little to confirm with it. */
function endOf(receipt: string): string {
  return receipt.slice(-RECEIPT_END).replaceAll(/[^\w-]/g, ".") || "-";
}

/** Removes the characters that separate entries and fields. */
function oneLine(text: string): string {
  return text
    .slice(0, MAX_TEXT)
    .replaceAll(/[\s\p{Cc};]+/gu, " ")
    .trim()
    .toWellFormed();
}
