/** Judges whether a tired person without other knowledge would find the cause and the remedy in each of the three places. */
import { keyOf, TERMS } from "../../../src/core/health.ts";
import { type ProblemCode, textOf } from "../../../src/core/problems.ts";
import type { Look, Told } from "./look.ts";

/** `code` is undefined where no new problem may be reported. */
export function gapsIn(look: Look, before: Look | undefined, code: ProblemCode | undefined): readonly string[] {
  const found = news(look, before);
  if (code === undefined) return found.map((problem) => `/readyz tells of something: ${textOf(problem)}`);
  const told = found.filter((problem) => problem.code === code);
  const [cause] = told;
  if (!cause) return [`/readyz does not tell ${code}`];
  // Problems with the same remedy have the same cause. A key that can neither pull nor confirm is one example.
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

/** The problems that are new since the look before. */
export function news(look: Look, before: Look | undefined): readonly Told[] {
  const known = new Set(before?.readyz.problems.map(keyOf));
  return look.readyz.problems.filter((problem) => !known.has(keyOf(problem)));
}

/** The numbers in a line grow from one look to the next, so they are not compared. */
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
