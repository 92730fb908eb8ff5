/**
 * The language of the search box. All words are required, and each must be part of the id, a subject or the error.
 * `name:value` asks for a state, a type, a source, a vendor, or an age. Several values of one name are alternatives.
 * Quotes keep spaces.
 */
import { EVENT_STATES } from "../core/event-states.ts";
import { nearest } from "../core/nearest.ts";
import type { DeskEvent } from "./contract.ts";

type EventState = DeskEvent["state"];

export type Search = {
  /** In lower case, like the names below. */
  readonly words: readonly string[];
  readonly states: readonly EventState[];
  readonly types: readonly string[];
  readonly sources: readonly string[];
  readonly vendors: readonly string[];
  /** The age since the first delivery. */
  readonly olderMs?: number;
  readonly newerMs?: number;
  /** When the search stops, on the clock of `performance`. */
  readonly until?: number;
};

export type ReadSearch = { readonly search: Search } | { readonly mistake: string };

const NAMES = ["state", "type", "source", "vendor", "older", "newer"] as const;
type Name = (typeof NAMES)[number];
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const MAX_LENGTH = 1_000;

const TOKEN = /\s*(?:(?<name>[a-z]+):)?(?:"(?<quoted>[^"]*)"|(?<plain>[^\s"]+))/giy;

export function readSearch(text: string): ReadSearch {
  if (text.length > MAX_LENGTH) return { mistake: `a search has at most ${MAX_LENGTH} characters` };
  const lists: Record<"words" | Exclude<Name, "older" | "newer">, string[]> = {
    words: [],
    state: [],
    type: [],
    source: [],
    vendor: [],
  };
  const ages: { olderMs?: number; newerMs?: number } = {};
  const tokens = new RegExp(TOKEN);
  while (tokens.lastIndex < text.trimEnd().length) {
    const at = tokens.lastIndex;
    const groups = tokens.exec(text)?.groups;
    if (!groups) return { mistake: `a quote is not closed: ${text.slice(at).trim().slice(0, 40)}` };
    const { name: given, quoted, plain = "" } = groups;
    if (given === undefined && NAMES.some((name) => plain.toLowerCase() === `${name}:`))
      return { mistake: `${plain} has no value: it stands right behind the colon` };
    const value = lowerCase(quoted ?? plain);
    const name = given === undefined ? undefined : NAMES.find((one) => one === given.toLowerCase());
    if (given !== undefined && name === undefined) {
      const meant = nearest(given.toLowerCase(), NAMES);
      if (meant)
        return { mistake: `nothing is called ${given}: here; ${meant}: was probably meant, or put it in quotes` };
      // The colon is part of a word, as in https://.
      lists.words.push(lowerCase(`${given}:${quoted ?? plain}`));
    } else if (name === undefined) lists.words.push(value);
    else if (name === "older" || name === "newer") {
      const ms = ageOf(value);
      if (ms === undefined) return { mistake: `${name}: takes an age such as 90s, 20m, 1h or 2d, not ${value}` };
      ages[`${name}Ms`] = ms;
    } else lists[name].push(value);
  }
  const states = EVENT_STATES.filter((state) => lists.state.includes(state));
  const wrong = lists.state.find((state) => !EVENT_STATES.some((known) => known === state));
  if (wrong !== undefined) return { mistake: `no state is called ${wrong}: there are ${EVENT_STATES.join(", ")}` };
  const { words, type: types, source: sources, vendor: vendors } = lists;
  return { search: { words: words.filter((word) => word !== ""), states, types, sources, vendors, ...ages } };
}

/** Every event matches the empty search. */
export const EVERYTHING: Search = { words: [], states: [], types: [], sources: [], vendors: [] };

/** `now`: by the clock that `firstSeen` was taken from. */
export function fits(search: Search, event: DeskEvent, now: number): boolean {
  const { words, states, types, sources, vendors, olderMs = -Infinity, newerMs = Infinity } = search;
  if (states.length > 0 && !states.includes(event.state)) return false;
  if (types.length > 0 && !types.includes(lowerCase(event.type))) return false;
  if (vendors.length > 0 && !vendors.includes(lowerCase(event.vendor))) return false;
  const source = lowerCase(event.source);
  if (sources.length > 0 && !sources.some((one) => source === one || source.startsWith(`${one}/`))) return false;
  const ageMs = now - Date.parse(event.firstSeen);
  if (ageMs < olderMs || ageMs > newerMs) return false;
  if (words.length === 0) return true;
  const texts = [event.id, ...event.subjects, event.error ?? ""].map(lowerCase);
  return words.every((word) => texts.some((text) => text.includes(word)));
}

/** Changes only ASCII letters, as the scripts in Redis do. */
export function lowerCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function ageOf(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d{1,6})(s|m|min|h|d)$/.exec(text) ?? [];
  const unitMs = UNITS[unit];
  return unitMs === undefined ? undefined : Number(number) * unitMs;
}

/** Every match contains these words somewhere. Redis looks for them, so that other events need not be read. */
export function wordsOf({ words, types, sources, vendors }: Search): readonly string[] {
  const named = [types, sources, vendors].flatMap((some) => (some.length === 1 ? some : []));
  return [...words, ...named].map(plainPart).filter((word) => word !== "");
}

/** JSON escapes some characters, so only the part without them is searched for. */
function plainPart(word: string): string {
  const parts = word.split(/["\\\p{Cc}\p{Cs}]/u);
  return parts.toSorted((a, b) => b.length - a.length)[0] ?? "";
}

/** Whether the text has all words. It may be true of a text that has them only in letters beyond ASCII. */
export function mayHave(words: readonly string[], text: string): boolean {
  if (words.length === 0) return true;
  const lower = text.toLowerCase();
  return words.every((word) => (ASCII.test(word) ? lower : lowerCase(text)).includes(word));
}

const ASCII = /^[ -~]*$/;

export function isLate({ until = Infinity }: Pick<Search, "until">): boolean {
  return performance.now() > until;
}
