/**
 * The questions of a person on call. The desk must answer each within ten seconds. Each begins on the first page, and
 * fails if the desk does not show the answer.
 */
import { FRESH_TYPE, OLDEST_TYPE, SLOW_MS, SLOW_TYPE } from "./cast.ts";
import type { Stage } from "./stage.ts";
import type { Visitor } from "./visitor.ts";

export type Question = {
  readonly asks: string;
  /** Resolves with the text that the desk shows. */
  answer(visitor: Visitor, stage: Pick<Stage, "files" | "replica" | "amounts">): Promise<string>;
};

export const QUESTIONS: readonly Question[] = [
  {
    asks: "Is it healthy?",
    async answer({ read }) {
      const state = await read("#state", /\S/, "h1");
      const why = await read("#state li", /parked/);
      return `${state}: ${why}`;
    },
  },
  {
    asks: "What is stuck, and why?",
    async answer({ read }, { amounts }) {
      await read("#counts li", /waiting/);
      const card = await read("#groups .group", new RegExp(FRESH_TYPE));
      told(card, /connect ECONNREFUSED/);
      told(await read("#counts li.bad", /parked/), new RegExp(amounts.parked.toLocaleString("en")));
      return card;
    },
  },
  {
    asks: "Until when?",
    async answer({ read }) {
      const card = await read("#groups .group", new RegExp(OLDEST_TYPE), ".facts");
      told(card, /1d 2[12]h/);
      return card;
    },
  },
  {
    asks: "Where is file X, which waits?",
    async answer({ find, read }, { files }) {
      await find(files.waiting);
      const row = await read("main tbody tr", new RegExp(files.waiting));
      told(row, /waiting|running/);
      return row;
    },
  },
  {
    asks: "Where is file Y, handled yesterday: when, by which worker, how often delivered?",
    async answer({ find, click, read }, { files, replica }) {
      await find(files.past);
      await click(SLOW_TYPE);
      const facts = await read("main .facts", /Handled/);
      told(facts, /Handled .* UTC (1d|24h|23h)/);
      told(facts, /Deliveries [2-9]/);
      told(facts, new RegExp(`Last run by ${replica}`));
      return facts;
    },
  },
  {
    asks: "What changed in the last 20 minutes?",
    async answer({ click, read }) {
      await click("Only events of the last 20 minutes");
      const row = await read("main tbody tr", /parked/);
      told(row, new RegExp(FRESH_TYPE));
      return row;
    },
  },
  {
    asks: "What happened to one event?",
    async answer({ find, click, read }, { files }) {
      await find(files.parked);
      await click(OLDEST_TYPE);
      const life = await read("main .life", /Attempt/);
      told(life, /Delivered.*Attempt.*failed.*catalogue answered 503/s);
      return life;
    },
  },
  {
    asks: "Is the vendor slow or are we, and in which step?",
    async answer({ click, read }) {
      await click("Activity");
      const ours = await read(`tr[id="type-${SLOW_TYPE}"]`, /\d/, '[data-label^="Handler"]');
      const theirs = await read('tr[id="series-tencent-vod"]', /\d/, '[data-label^="Confirmation"]');
      if (msOf(ours) < SLOW_MS || msOf(theirs) >= msOf(ours)) throw new Error(`the desk says ${ours}, and ${theirs}`);
      return `${SLOW_TYPE}, handler: ${ours}; confirmation: ${theirs}`;
    },
  },
];

function told(text: string, what: RegExp): void {
  if (!what.test(text)) throw new Error(`the desk does not say ${String(what)}: ${text}`);
}

/** Reads the first of the two times in `1.4 s / 2 s`. */
function msOf(text: string): number {
  const [, number = "", unit] = /([\d.,]+)\s*(ms|s)/.exec(text) ?? [];
  return Number(number.replaceAll(",", "")) * (unit === "s" ? 1_000 : 1);
}
