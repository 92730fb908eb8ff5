/** Writes the result of a look at a source as lines of text. */
import type { Delivery } from "../../core/source.ts";
import type { ExpectedOutcome, predictOutcomes } from "./expected-outcome.ts";
import { dim, findingLines, heading, plural, visible } from "../terminal.ts";
import { isError } from "../../core/finding.ts";
import type { Look } from "./look.ts";

/** Enough to recognise an event. A longer text would push the others off the screen. */
const MOST_LINES = 30;
const MOST_CHARACTERS = 2_000;

const OUTCOMES: Readonly<Record<ExpectedOutcome, string>> = {
  handled: "yes",
  forwarded: "no, goes to FORWARD_URL",
  parked: "no, would be parked (UNHANDLED=park)",
  dropped: "no, would be confirmed unseen (UNHANDLED=confirm)",
};

export function reportLines(look: Look, outcomeOf: ReturnType<typeof predictOutcomes>): readonly string[] {
  const { source, findings, deliveries } = look;
  const types = [...Map.groupBy(deliveries, ({ type }) => type)].toSorted(([, a], [, b]) => b.length - a.length);
  const rows = types.map(([type, all]) => [
    visible(type),
    String(all.length),
    OUTCOMES[outcomeOf({ vendor: source.vendor, type })],
  ]);
  return [
    heading(source.name),
    ...findings.flatMap(findingLines),
    "",
    `  ${summary(look)}`,
    "",
    ...(rows.length === 0 ? [] : [...table([["type", "events", "handler"], ...rows]), ""]),
    ...(types.length === 0 ? [] : ["  One of each type, without its receipt and its null fields:", ""]),
    ...types.flatMap(([type, [sample]]) => (sample ? sampleLines(type, sample) : [])),
    ...(deliveries.length === 0 ? [] : [`  ${hidden(look)}`, ""]),
  ];
}

function summary({ deliveries, ended, findings, source }: Look): string {
  const count = deliveries.length;
  const some = `${plural(count, "event")} pulled`;
  if (ended === "enough") return `${some}, and then stopped looking: there may be more.`;
  if (ended === "cut" && findings.some(isError)) return count > 0 ? `${some} before that.` : "Nothing was pulled.";
  if (ended === "cut") return `${some} before you stopped it.`;
  if (count > 0) return `${some}, and that is all there is to see at the moment.`;
  return `Nothing is waiting, or others have pulled it within the last ${seconds(source.windowMs)}.`;
}

function hidden({ deliveries, source }: Look): string {
  const these = deliveries.length === 1 ? "This event is" : `These ${deliveries.length} events are`;
  return `${these} now hidden from other consumers for ${seconds(source.windowMs)}, then back by themselves: nothing was run, nothing confirmed.`;
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}

/** The second column holds numbers, so it is aligned to the right. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const [types, counts] = [width(0), width(1)];
  return rows.map(([type = "", count = "", handler = ""], index) => {
    const line = `  ${type.padEnd(types)}  ${count.padStart(counts)}  ${handler}`;
    return index === 0 ? dim(line) : line;
  });
}

function sampleLines(type: string, { body }: Delivery): readonly string[] {
  const text = visible(JSON.stringify(body, (_, value: unknown) => value ?? undefined, 2));
  const lines = text.slice(0, MOST_CHARACTERS).split("\n").slice(0, MOST_LINES);
  const left = text.length - lines.join("\n").length;
  const rest = left > 0 ? [`... and ${left} more characters`] : [];
  return [heading(visible(type)), ...lines, ...rest].map((line) => `  ${line}`).concat("");
}
