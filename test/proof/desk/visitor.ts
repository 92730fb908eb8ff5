/** A person at the desk. The visitor counts clicks and waiting time. */
import type { Locator, Page } from "playwright-core";

/**
 * The time a person needs for a click or tap, for pasting and sending a word, and for scrolling by one screen. The
 * worker's time comes on top.
 */
const PERSON_MS = { click: 1_500, paste: 2_000, screen: 1_000 };

export type Effort = {
  readonly clicks: number;
  readonly pastes: number;
  /** The number of screens that a person scrolls down in total. */
  readonly screens: number;
  /** The time that a person waits for the worker and the browser. */
  readonly waitedMs: number;
  readonly personMs: number;
};

export type Visitor = ReturnType<typeof createVisitor>;

export function createVisitor(page: Page, url: string) {
  const began = performance.now();
  let [clicks, pastes, scrolled, ahead] = [0, 0, 0, 0];
  return {
    async open(): Promise<void> {
      await page.goto(url, { waitUntil: "domcontentloaded" });
    },
    async click(name: RegExp | string, role: "link" | "button" = "link"): Promise<void> {
      const control = page.getByRole(role, { name }).first();
      await control.waitFor();
      scrolled += await screensTo(control);
      ahead = 0;
      await control.click();
      clicks += 1;
    },
    async find(words: string): Promise<void> {
      const box = page.getByRole("searchbox");
      await box.fill(words);
      await box.press("Enter");
      await page.waitForURL(/\/events\?search=/, { waitUntil: "domcontentloaded" });
      pastes += 1;
    },
    /** Reads the text of a place once it matches. */
    async read(place: string, what: RegExp, within = ""): Promise<string> {
      const found = page.locator(place).filter({ hasText: what }).first();
      await found.waitFor({ timeout: 30_000 }).catch((cause: unknown) => {
        throw new Error(`${page.url()} does not say ${String(what)} in ${place}`, { cause });
      });
      ahead = Math.max(ahead, await screensTo(found));
      const told = within === "" ? found : found.locator(within);
      return (await told.innerText()).replaceAll(/\s+/g, " ").trim();
    },
    effort(): Effort {
      const waitedMs = performance.now() - began;
      const screens = scrolled + ahead;
      const personMs = clicks * PERSON_MS.click + pastes * PERSON_MS.paste + screens * PERSON_MS.screen;
      return { clicks, pastes, screens, waitedMs, personMs };
    },
  };

  /** The number of screens to scroll until the place is visible. */
  async function screensTo(place: Locator): Promise<number> {
    const top = await place.evaluate((element) => element.getBoundingClientRect().top);
    return Math.floor(Math.abs(top) / (page.viewportSize()?.height ?? 900));
  }
}
