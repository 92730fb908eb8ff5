import { type Row, tableOf } from "../../../bench/kit/table.ts";
import type { Answer, Timed } from "./desk.ts";

const MOST_MS = 10_000;
const MOST_ANSWER_MS = 1_000;

export type Verdict = { readonly answers: readonly Answer[]; readonly timed: readonly Timed[] };

/** The broken promises. Empty when the desk answers every question in time. */
export function violationsOf({ answers, timed }: Verdict): readonly string[] {
  return [
    ...answers.flatMap(({ asks, screen, trouble, waitedMs, personMs }) => {
      const where = `${asks} (${screen})`;
      if (trouble !== undefined) return [`${where}: ${trouble}`];
      return waitedMs + personMs > MOST_MS ? [`${where}: took ${seconds(waitedMs + personMs)} s`] : [];
    }),
    ...timed.flatMap(({ what, ms }) => (ms > MOST_ANSWER_MS ? [`${what}: took ${seconds(ms)} s`] : [])),
  ];
}

export function reportOf({ answers, timed }: Verdict): string {
  return [
    tableOf([
      ["question", "screen", "clicks", "pastes", "screens down", "waited s", "with a person's time s"],
      ...answers.map(({ asks, screen, clicks, pastes, screens, waitedMs, personMs, trouble }): Row => [
        asks,
        screen,
        String(clicks),
        String(pastes),
        String(screens),
        seconds(waitedMs),
        trouble === undefined ? seconds(waitedMs + personMs) : "not told",
      ]),
    ]),
    tableOf([["answers to machines", "ms"], ...timed.map(({ what, ms }): Row => [what, String(Math.round(ms))])]),
  ].join("\n\n");
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
