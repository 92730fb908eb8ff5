/** The three places at which an operator looks, read word for word. */
import type { Problem } from "../../../src/core/problems.ts";
import { runToEnd, type WorkerProcess } from "../../support/process.ts";
import { problemsTold } from "../../support/probes.ts";

export type Told = Pick<Problem, "code" | "source" | "fact" | "fix">;

export type Look = {
  readonly readyz: { readonly status: number; readonly problems: readonly Told[] };
  readonly doctor: {
    readonly code: number | null;
    /** Problems and warnings that it found itself, each with its remedy. */
    readonly own: readonly string[];
    /** The lines of a worker, which it asks. */
    readonly ofWorker: readonly string[];
    readonly verdict: string;
  };
  readonly page: { readonly heading: string; readonly lines: readonly string[] };
};

export type Place = {
  readonly worker: Pick<WorkerProcess, "url" | "pagesUrl">;
  /** The worker's settings, which are doctor's too. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
};

/** All three at the same time: some troubles are short. */
export async function lookAt({ worker, env, cwd }: Place): Promise<Look> {
  const [readyz, doctor, page] = await Promise.all([
    problemsTold(worker),
    runToEnd(env, ["doctor"], cwd),
    fetch(`${worker.pagesUrl}/`).then((answer) => answer.text()),
  ]);
  return { readyz, doctor: { code: doctor.code, ...doctorSays(doctor.text) }, page: firstScreen(page) };
}

const FINDING = /^ {2}(ok|warning|problem) +/;

/** Its report as lines: a finding of several lines is one, with the remedy at its end. */
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

/** The heading and its list: what stands above everything else. */
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
