/** Reads the three places that an operator looks at, word for word. */
import type { Problem } from "../../../src/core/problems.ts";
import { runToEnd, type WorkerProcess } from "../../support/process.ts";
import { problemsTold } from "../../support/probes.ts";

export type Told = Pick<Problem, "code" | "source" | "fact" | "fix">;

export type Look = {
  readonly readyz: { readonly status: number; readonly problems: readonly Told[] };
  readonly doctor: {
    readonly code: number | null;
    /** Problems and warnings that doctor found itself, each with its remedy. */
    readonly own: readonly string[];
    /** The lines that doctor got from a worker. */
    readonly ofWorker: readonly string[];
    readonly verdict: string;
  };
  readonly page: { readonly heading: string; readonly lines: readonly string[] };
};

export type Place = {
  readonly worker: Pick<WorkerProcess, "url" | "pagesUrl">;
  /** The settings of the worker. Doctor uses the same ones. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
};

/** Reads all three places at the same time, since some troubles are short. */
export async function lookAt({ worker, env, cwd }: Place): Promise<Look> {
  const [readyz, doctor, page] = await Promise.all([
    problemsTold(worker),
    runToEnd(env, ["doctor"], cwd),
    fetch(`${worker.pagesUrl}/`).then((answer) => answer.text()),
  ]);
  return { readyz, doctor: { code: doctor.code, ...doctorSays(doctor.text) }, page: firstScreen(page) };
}

const FINDING = /^ {2}(ok|warning|problem) +/;

/** Turns doctor's report into lines. A finding of several lines becomes one, with the remedy at its end. */
export function doctorSays(text: string): Omit<Look["doctor"], "code"> {
  const findings: string[] = [];
  const ofWorker: string[] = [];
  let verdict = "";
  for (const line of text.split("\n")) {
    const rest = line.trim();
    if (FINDING.test(line)) findings.push(rest.replace(/ {2,}/, ": "));
    else if (rest.startsWith("- ")) ofWorker.push(rest.slice(2));
    else if (rest.startsWith("fix: ")) findings.push(`${findings.pop() ?? ""}; ${rest.slice(5)}`);
    else if (/^\d+ problems?, \d+ warnings?\./.test(rest)) verdict = rest.slice(0, rest.indexOf("."));
  }
  const own = findings.filter(
    (finding) => !finding.startsWith("ok") && !finding.includes(": a worker runs there, and "),
  );
  return { own, ofWorker, verdict };
}

/** The heading and its list, at the top of the page. */
export function firstScreen(html: string): Look["page"] {
  const section = /<section class="readiness[^>]*>(.*?)<\/section>/s.exec(html)?.[1] ?? "";
  const heading = textIn(/<h2>(.*?)<\/h2>/s.exec(section)?.[1] ?? "");
  return { heading, lines: [...section.matchAll(/<li[^>]*>(.*?)<\/li>/gs)].map(([, line = ""]) => textIn(line)) };
}

function textIn(html: string): string {
  const text = html
    .replaceAll(/<[^>]+>/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return text
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
