import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser } from "../../support/chromium.ts";
import { type Answer, ask } from "./desk.ts";
import { QUESTIONS } from "./questions.ts";
import { violationsOf } from "./report.ts";
import { openStage, type Stage } from "./stage.ts";

let stage: Stage | undefined;
let browser: Browser | undefined;

beforeAll(async () => {
  [stage, browser] = await Promise.all([openStage({ parked: 60, open: 300, past: 1_024 }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

/** The person's share of the ten seconds. The rest is for the worker and the browser. */
const MOST_PERSON_MS = 8_000;

describe.each(["desktop", "phone"] as const)("on a %s the desk", (screen) => {
  test.each(QUESTIONS)("answers: $asks", async (question) => {
    if (!stage || !browser) throw new Error("nothing is staged");

    const answer = await ask(browser, stage, question, screen);

    expect(answer.trouble).toBeUndefined();
    expect(answer.personMs).toBeLessThanOrEqual(MOST_PERSON_MS);
  });
});

test("an answer that the desk does not give, or gives too late, is a violation", () => {
  const told: Answer = {
    asks: "Where?",
    screen: "phone",
    told: "here",
    clicks: 1,
    pastes: 1,
    screens: 1,
    waitedMs: 2_000,
    personMs: 4_500,
  };
  const answers = [told, { ...told, waitedMs: 6_000 }, { ...told, trouble: "it does not say where" }];

  expect(violationsOf({ answers, timed: [{ what: "groups", ms: 1_100 }] })).toEqual([
    "Where? (phone): took 10.5 s",
    "Where? (phone): it does not say where",
    "groups: took 1.1 s",
  ]);
});
