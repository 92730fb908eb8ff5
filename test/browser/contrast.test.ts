import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { parked, setup } from "../http/setup.ts";
import { launchBrowser } from "../support/chromium.ts";
import { openPage } from "../support/open-page.ts";
import { DESKTOP } from "../support/screens.ts";
import { sourceOf, statusOf } from "../support/status.ts";
import { desk, found, seriesOf } from "./full-desk.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** By the Web Content Accessibility Guidelines 2.2, level AA. */
const LEAST = { text: 4.5, graphic: 3 };

const since = new Date().toISOString();
const wrong = { message: "the key is refused", since, fix: "enable it" };
const findings = [
  { level: "warn", fact: "an old switch", fix: "turn it" },
  { level: "error", fact: "events are switched off", fix: "switch them on" },
] as const;
const life = [
  { at: since, what: "delivered" as const, by: "host:1", receipt: "…abcdef" },
  { at: since, what: "attempt" as const, by: "host:1", endedAt: since, result: "failed", error: "no" },
];
test.each(["light", "dark"] as const)(
  "in the %s every text and every control has enough contrast",
  async (colorScheme) => {
    for (const code of ["events-parked", "redis-away"] as const) {
      const problems = [{ code, fact: "something is so", fix: "do this", since }];
      const status = statusOf({ problems, sources: [sourceOf({ findings, trouble: wrong, forgotten: 2 })] });
      const { url } = await setup({
        status: async () => status,
        openEvents: [parked, { ...parked, id: "e-handled", state: "handled" }],
        desk: {
          ...desk,
          series: async (range) => seriesOf(range),
          event: async () => ({ ...found, body: { FileId: "1" }, life }),
          retryGroup: async (_group, _signal, report) => {
            report?.(1, 2);
            return await new Promise<never>(() => {});
          },
        },
      });
      const { page } = await openPage(browser, url, { ...DESKTOP, colorScheme });
      await page.getByRole("button", { name: "Retry 1,204 events" }).click();
      await page.getByRole("progressbar").waitFor();

      for (const path of [
        "/?notice=retried",
        "/events?search=state:parked",
        "/events?search=%22",
        "/events/e-parked",
      ]) {
        await page.goto(url + path);
        expect(await faint(page), path).toEqual([]);
      }
    }
  },
);

test("the contrast check finds text that is too faint", async () => {
  const { url } = await setup({ desk });
  const { page } = await openPage(browser, url, DESKTOP);

  await page.evaluate("document.querySelector('h1').style.setProperty('color', '#888')");

  expect(await faint(page)).toMatchObject([{ what: "H1", least: LEAST.text }]);
});

const Faint = z.array(z.object({ what: z.string(), text: z.string(), ratio: z.number(), least: z.number() }));

/** Returns the elements with too little contrast, by the colours that the browser draws. */
async function faint(page: Page) {
  return Faint.parse(await page.evaluate(`(${look})(${JSON.stringify(LEAST)})`));
}

/** Runs in the page. */
const look = `(least) => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const found = [];
  const read = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ratioOf = (one, other) => {
    const [high, low] = [light(one), light(other)].toSorted((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, alpha = 1] = read(getComputedStyle(at).backgroundColor);
      if (alpha === 1) return [r, g, b];
      if (alpha > 0) throw new Error("a background that shines through cannot be judged");
    }
    throw new Error("nothing is behind it");
  };
  const note = (element, text, ratio, wanted) => {
    if (ratio < wanted) found.push({ what: element.nodeName, text: text.trim().slice(0, 40), ratio, least: wanted });
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === "" || !element.checkVisibility()) continue;
    note(element, node.data, ratioOf(read(getComputedStyle(element).color), behind(element)), least.text);
  }
  for (const element of document.querySelectorAll("input:not([type=hidden]), button:not([hidden])")) {
    const style = getComputedStyle(element);
    const outer = behind(element.parentElement);
    const edge = Math.max(ratioOf(read(style.borderTopColor), outer), ratioOf(read(style.backgroundColor), outer));
    note(element, "its edge", edge, least.graphic);
    const hint = getComputedStyle(element, "::placeholder");
    if (element.placeholder) note(element, element.placeholder, ratioOf(read(hint.color), behind(element)), least.text);
    element.focus();
    note(element, "its focus", ratioOf(read(getComputedStyle(element).outlineColor), outer), least.graphic);
  }
  for (const element of document.querySelectorAll("rect"))
    note(element, "a bar", ratioOf(read(getComputedStyle(element).fill), behind(element)), least.graphic);
  return found;
}`;
