/** Whether a tired person who knows nothing else would learn the cause and the remedy from each of the three places. */
import { keyOf, TERMS } from "../../../src/core/health.ts";
import { type ProblemCode, textOf } from "../../../src/core/problems.ts";
import type { Look, Told } from "./look.ts";

/** `code`: undefined where nothing new must be told. */
export function gapsIn(look: Look, before: Look | undefined, code: ProblemCode | undefined): readonly string[] {
  const found = news(look, before);
  if (code === undefined) return found.map((problem) => `/readyz tells of something: ${textOf(problem)}`);
  const told = found.filter((problem) => problem.code === code);
  const [cause] = told;
  if (!cause) return [`/readyz does not tell ${code}`];
  // What has the same remedy has the same cause, such as a key that neither pulls nor confirms.
  const strangers = found.filter(
    ({ code: other, fix }) => other !== code && fix !== cause.fix && TERMS[other].state === "not-ready",
  );
  const status = TERMS[code].state === "not-ready" ? 503 : 200;
  return [
    ...(look.readyz.status === status ? [] : [`/readyz answers ${look.readyz.status}, not ${status}`]),
    ...strangers.map((problem) => `/readyz blames something else too: ${textOf(problem)}`),
    ...(told.every((problem) => isOnPage(look, problem)) ? [] : ["the page does not say what /readyz says"]),
    ...(isKnownToDoctor(look, cause) ? [] : ["doctor knows nothing of it"]),
  ];
}

/** Those that were not told before. */
export function news(look: Look, before: Look | undefined): readonly Told[] {
  const known = new Set(before?.readyz.problems.map(keyOf));
  return look.readyz.problems.filter((problem) => !known.has(keyOf(problem)));
}

/** Numbers in it grow from one look to the next. */
export function isOnPage({ page }: Look, { source, fact, fix }: Told): boolean {
  const line = `${source === undefined ? "" : `${source}: `}${fact}, ${fix}`;
  return page.lines.some((one) => withoutNumbers(one).startsWith(withoutNumbers(line)));
}

function isKnownToDoctor({ doctor }: Look, problem: Told): boolean {
  if (doctor.verdict === "0 problems, 0 warnings") return false;
  const line = withoutNumbers(textOf(problem));
  return doctor.ofWorker.some((one) => withoutNumbers(one) === line) || doctor.own.length > 0;
}

function withoutNumbers(text: string): string {
  return text.replaceAll(/\d+/g, "N");
}
