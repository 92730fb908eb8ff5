/** The words that scripts get for the history, see `lua/life.lua`. */
import type { CallbackEvent, EventRef, JsonObject } from "../core/event.ts";

export type LifeWords = {
  /** Empty if no history is kept. Then nothing is written for it. */
  readonly replica: string;
  /** An attempt of this event. Empty if no history is kept. */
  attempt(event: EventRef | CallbackEvent, error?: string): string;
  /** A person's reason and name. Empty if no history is kept. */
  reason(text: string, by?: string): string;
};

export const NO_HISTORY: LifeWords = { replica: "", attempt: () => "", reason: () => "" };

const MAX_ERROR = 240;

export function createLifeWords(
  replicaName: string,
  subjectsOf: (vendor: string, body: JsonObject) => readonly string[],
): LifeWords {
  const replica = replicaName.replaceAll(/[^\w.:-]/g, "-");
  /** Of most attempts. */
  const pulledAndSucceeded = [replica, "", "", "", ""].join("\t");
  return {
    replica,
    attempt(event, error = "") {
      if (error === "" && !isPushed(event)) return pulledAndSucceeded;
      return [replica, ...aboutPushed(event), oneLine(error)].join("\t");
    },
    reason: (text, by = "") => `${oneLine(text) || "without a reason"}${by === "" ? "" : ` (by ${oneLine(by)})`}`,
  };

  /** Only for pushed events: a pulled event's record already has these. */
  function aboutPushed(event: EventRef | CallbackEvent): readonly string[] {
    if (!isPushed(event)) return ["", "", ""];
    const subjects = JSON.stringify(subjectsOf(event.vendor, event.body)).slice(1, -1);
    return [String(Date.parse(event.receivedAt)), oneLine(event.type), subjects];
  }
}

function isPushed(event: EventRef | CallbackEvent): event is CallbackEvent {
  return "door" in event && event.door !== "pull";
}

/** Removes the characters that separate entries and fields. */
function oneLine(text: string): string {
  return text
    .slice(0, MAX_ERROR)
    .replaceAll(/[\s\p{Cc};]+/gu, " ")
    .trim()
    .toWellFormed();
}
