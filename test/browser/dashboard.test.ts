import type { Browser, BrowserContextOptions, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { filled } from "../http/filled.ts";
import { setup } from "../http/setup.ts";
import { launchBrowser } from "../support/chromium.ts";
import { openPage } from "../support/open-page.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const open = (url: string, options?: BrowserContextOptions) => openPage(browser, url, options);

test("bull-board works under our content security policy and loads nothing from elsewhere", async () => {
  const { url } = await filled();

  const { page, complaints } = await open(`${url}/dashboard/queue/events?status=failed`);
  await page.getByText("FileDeleted").first().waitFor();

  expect(complaints).toEqual([]);
});

describe("bull-board shows no action that the worker refuses, and no state that events never have", () => {
  const STATES = ["ACTIVE", "WAITING", "COMPLETED", "FAILED", "DELAYED"];

  test("in the lists and on the events' pages", async () => {
    const { url, page, visible } = await openList("failed");

    for (const [status, ofAll, ofOne] of [
      ["failed", [], 1],
      ["delayed", ["Promote all"], 1],
      ["waiting", [], 0],
      ["active", [], 0],
      ["completed", ["Clean all"], 1],
    ] as const) {
      await page.goto(`${url}/dashboard/queue/events?status=${status}`);
      await page.locator("[class*=jobId]").first().waitFor();
      expect(await all(visible("[class*=queueActions] button")), status).toEqual(ofAll);
      expect(await visible("[class*=jobActions] button").count(), status).toBe(ofOne);
      expect(await all(visible("[class*=statusTabs] a")), status).toEqual(["LATEST", ...STATES]);

      await page.goto(`${url}/dashboard/queue/events/e-${status}?status=${status}`);
      await page.locator("[class*=jobId]").first().waitFor();
      expect(await visible("[class*=jobActions] button").count(), `the page of e-${status}`).toBe(ofOne);
    }
  });

  test("in the menu of the queue, and among the tabs of the first page", async () => {
    const { page, visible, url } = await openList("failed");

    await page.locator("[class*=statusBar] button[aria-haspopup=menu]").click();
    await page.getByRole("menuitem", { name: "Pause" }).waitFor();

    expect(await all(visible("[role=menuitem]"))).toEqual(["Pause"]);

    await page.goto(`${url}/dashboard`);
    await page.getByText("DELAYED").first().waitFor();

    expect(await all(visible("[class*=statusTabs] a"))).toEqual(["ALL", ...STATES]);
  });
});

test("Retry in bull-board retries a parked event", async () => {
  const { url, queue } = await filled();
  const { page } = await open(`${url}/dashboard/queue/events?status=failed`);

  await page.locator("[class*=jobActions] button:has(.lucide-refresh-cw)").click();
  await page.getByRole("button", { name: "Confirm" }).click();

  await vi.waitFor(async () => expect(await queue.getFailedCount()).toBe(0));
});

test("a foreign page cannot use a signed-in browser to act on the dashboard", async () => {
  const { url, pages } = await setup();
  const evil = await setup({ pages: undefined });
  const { page } = await open(`${evil.url.replace("127.0.0.1", "localhost")}/healthz`);

  await page.setContent(
    `<form method="post" action="${url}/events/retry"><input name="id" value="e-parked"><button>Win a prize</button></form>`,
  );
  await page.getByRole("button").click();
  await page.getByText("Refused: this request does not come from the worker's own pages.").waitFor();

  expect(pages.retry).not.toHaveBeenCalled();
});

async function openList(status: string) {
  const { url } = await filled();
  const { page } = await open(`${url}/dashboard/queue/events?status=${status}`);
  await page.locator("[class*=jobId]").first().waitFor();
  const visible = (selector: string) => page.locator(selector).filter({ visible: true });
  return { page, visible, url };
}

async function all(locator: Locator): Promise<string[]> {
  return (await locator.allTextContents()).map((text) => text.replace(/\d+$/, ""));
}
