/** Writes the page of the night, `docs/night.md`. */
import { textOf } from "../../../src/core/problems.ts";
import { isOnPage, news } from "./judge.ts";
import type { Night, PlayedTrouble } from "./night.ts";

/** The broken promises. Empty when all held. */
export function violationsOf({ played, lost, early, log }: Night): readonly string[] {
  return [
    ...played.flatMap(({ trouble, gaps }) => gaps.map((gap) => `${trouble.name}: ${gap}`)),
    ...lost.map((key) => `lost: ${key}`),
    ...early.slice(1).map((key) => `confirmed before its success: ${key}`),
    ...(Buffer.byteLength(log) < MOST_LOG_BYTES ? [] : [`the log has ${Buffer.byteLength(log)} bytes`]),
  ];
}

const MOST_LOG_BYTES = 1_000_000;

export function nightPage(night: Night): string {
  return `${introductionOf(night)}\n\n${tableOf(night.played)}\n`;
}

function introductionOf({ events, parked, played, log, endedMs, secondRuns }: Night): string {
  const [first] = played;
  return `# A night on call

One worker on a real Redis, and a simulated vendor. ${whole(events)} events come, ${whole(parked)} of them are parked, and then one thing after the other goes wrong. The table holds what \`/readyz\`, \`npm run doctor\` and the desk say at that moment, word for word, beside what they said before it. \`npm run night -- --page docs/night.md\` plays it again and writes this page; the command ends with 1 if one of the three does not name the cause and the remedy, if an event is lost or confirmed early, or if the log grows beyond 1 MB.

- Doctor has the settings of the worker, and finds it on its port. So it repeats what the worker says (here: "the worker's words"), beside what it finds by itself.
- In the morning the cause is mended, and each group is retried on the desk: ${whole(parked)} parked events are handled and confirmed within ${seconds(endedMs)}. Nothing is lost; nothing but the discarded event is confirmed before its success; ${whole(secondRuns)} events ran twice, which only Redis with older data may cause.
- The log of the night has ${whole(log.split("\n").length - 1)} lines and ${whole(Math.ceil(Buffer.byteLength(log) / 1_000))} kB.
- From the first row on ${
    first
      ? `the state is at best "attention": ${news(first.look, undefined)
          .map(({ code }) => `\`${code}\``)
          .join(", ")} are`
      : "nothing is"
  } told all night. What each row adds is shown.`;
}

function tableOf(played: readonly PlayedTrouble[]): string {
  const rows = played.map((one) => [one.trouble.name, readyzOf(one), doctorOf(one), pageOf(one), endOf(one)]);
  const head = ["What happened", "`/readyz`", "`npm run doctor`", "The desk", "How it ended"];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map(cellOf).join(" | ")} |`).join("\n");
}

function readyzOf({ trouble: { code }, look, before, toldMs }: PlayedTrouble): string {
  const told = news(look, before).map((problem) => `\`${problem.code}\`: ${textOf(problem)}`);
  const status = `${look.readyz.status} after ${seconds(toldMs)}.`;
  return code === undefined ? `${look.readyz.status}. Nothing.` : [status, ...told].join(" <br> ");
}

function doctorOf({ look, before }: PlayedTrouble): string {
  const { own, ofWorker, verdict } = look.doctor;
  const fresh = own.filter((one) => !before?.doctor.own.includes(one));
  const heard = ofWorker.some((one) => !before?.doctor.ofWorker.includes(one));
  return [`${verdict}.`, ...fresh, ...(heard ? ["The worker's words."] : [])].join(" <br> ");
}

function pageOf({ look, before }: PlayedTrouble): string {
  const told = news(look, before);
  const rest = told.filter((problem) => !isOnPage(look, problem));
  const same = told.length === 0 ? "Nothing." : "The same words, with since when.";
  return `${look.page.heading}. ${rest.length === 0 ? same : look.page.lines.join(" <br> ")}`;
}

function endOf({ trouble: { remedy, lingers }, goneMs, confirmedMs }: PlayedTrouble): string {
  const confirmed = Number.isNaN(confirmedMs)
    ? []
    : [`what came meanwhile was confirmed ${seconds(confirmedMs)} later`];
  const gone = goneMs === undefined ? [] : [`not told any more after ${seconds(goneMs)}`];
  return `${[remedy, ...confirmed, ...gone, ...(lingers === undefined ? [] : [lingers])].join("; ")}.`;
}

function cellOf(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

const whole = (count: number): string => count.toLocaleString("en-US");
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
