/** The languages of the pages. A missing text in one of them is a compile error. */
import { chinese } from "./chinese.ts";
import { english, type Language } from "./english.ts";

/** The first of our languages that a browser prefers. English if it asks for none of them. */
export function languageFor(acceptLanguage: string | undefined): Language {
  const wishes = (acceptLanguage ?? "")
    .split(",")
    .map(wish)
    .toSorted((a, b) => b.weight - a.weight);
  for (const { tag, weight } of wishes) {
    if (!(weight > 0)) break;
    if (/^zh\b/.test(tag)) return chinese;
    if (/^en\b/.test(tag)) return english;
  }
  return english;
}

function wish(part: string): { readonly tag: string; readonly weight: number } {
  const [tag = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
  return { tag, weight: weight === undefined ? 1 : Number(weight) || 0 };
}
