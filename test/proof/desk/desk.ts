/** Asks every question of the ten-second list on a staged desk, on a desktop screen and on a phone screen. */
import type { Browser, BrowserContextOptions } from "playwright-core";
import { DESKTOP, PHONE } from "../../support/screens.ts";
import { type Question, QUESTIONS } from "./questions.ts";
import type { Stage } from "./stage.ts";
import { createVisitor, type Effort } from "./visitor.ts";

const SCREENS = { desktop: DESKTOP, phone: PHONE } as const;
export type Screen = keyof typeof SCREENS;

export type Answer = Effort & {
  readonly asks: string;
  readonly screen: Screen;
  readonly told: string;
  /** Missing when the question was answered. */
  readonly trouble?: string;
};

export async function ask(browser: Browser, stage: Stage, { asks, answer }: Question, screen: Screen): Promise<Answer> {
  const options: BrowserContextOptions = SCREENS[screen];
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    const visitor = createVisitor(page, stage.pagesUrl);
    await visitor.open();
    const said = await answer(visitor, stage).then(
      (told) => ({ told }),
      (err: unknown) => ({ told: "", trouble: err instanceof Error ? err.message : String(err) }),
    );
    return { asks, screen, ...said, ...visitor.effort() };
  } finally {
    await context.close();
  }
}

export type Timed = { readonly what: string; readonly ms: number };

const NOWHERE = "nowhere-to-be-found";

/** Times the requests that machines make. Each time is the median of five requests. */
export async function timeAnswers({ pagesUrl }: Pick<Stage, "pagesUrl">): Promise<readonly Timed[]> {
  const asked: readonly (readonly [string, string])[] = [
    ["groups of what is parked", "/api/groups"],
    ["a word that no parked event has", `/api/events?search=state:parked+${NOWHERE}`],
    ["a word that no waiting event has", `/api/events?search=state:waiting+${NOWHERE}`],
    ["a word that no past event has", `/api/events?search=state:confirmed+${NOWHERE}`],
    ["a word that no event has", `/api/events?search=${NOWHERE}`],
    ["the first page of all", "/api/events?limit=50"],
  ];
  const timed: Timed[] = [];
  for (const [what, path] of asked) {
    const times: number[] = [];
    for (let n = 0; n < 5; n++) {
      const began = performance.now();
      const answer = await fetch(`${pagesUrl}${path}`);
      await answer.text();
      times.push(performance.now() - began);
    }
    timed.push({ what, ms: times.toSorted((a, b) => a - b)[2] ?? NaN });
  }
  return timed;
}

export async function askAll(
  browser: Browser,
  stage: Stage,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const screen of ["desktop", "phone"] as const)
    for (const question of QUESTIONS) {
      signal.throwIfAborted();
      const answer = await ask(browser, stage, question, screen);
      say(`${screen}: ${question.asks} ${answer.trouble ?? answer.told}`);
      answers.push(answer);
    }
  return answers;
}
