import type { Browser, BrowserContextOptions, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { OpenEvent } from "../../src/core/event-states.ts";
import { filled } from "../http/filled.ts";
import { PASSWORD, parked, setup } from "../http/setup.ts";
import { launchBrowser } from "../support/chromium.ts";
import { statusOf } from "../support/status.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** A page that keeps what a browser complains about. */
async function open(url: string, { clock = false, ...options }: BrowserContextOptions & { clock?: boolean } = {}) {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  if (clock) await page.clock.install();
  const complaints: string[] = [];
  page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
  page.on("pageerror", (error) => void complaints.push(error.message));
  page.on("dialog", (dialog) => void complaints.push(`dialog: ${dialog.message()}`));
  await page.goto(url);
  return { page, complaints };
}

test("bull-board runs under our policy and calls out for nothing", async () => {
  const { url } = await filled();

  const { page, complaints } = await open(`${url}/dashboard/queue/events?status=failed`);
  await page.getByText("FileDeleted").first().waitFor();

  expect(complaints).toEqual([]);
});

describe("bull-board offers nothing that is refused, and no state that events never have", () => {
  const STATES = ["ACTIVE", "WAITING", "COMPLETED", "FAILED", "DELAYED"];

  test.each([
    ["failed", ["Retry all"], 1],
    ["delayed", ["Promote all"], 1],
    ["waiting", [], 0],
    ["active", [], 0],
    ["completed", ["Clean all"], 1],
  ])("in the list of %s events and on the page of one", async (status, ofAll, ofOne) => {
    const { page, visible, url } = await openList(status);

    expect(await all(visible("[class*=queueActions] button"))).toEqual(ofAll);
    expect(await visible("[class*=jobActions] button").count()).toBe(ofOne);
    expect(await all(visible("[class*=statusTabs] a"))).toEqual(["LATEST", ...STATES]);

    await page.goto(`${url}/dashboard/queue/events/e-${status}?status=${status}`);
    await page.locator("[class*=jobId]").first().waitFor();
    expect(await visible("[class*=jobActions] button").count()).toBe(ofOne);
  });

  test("in the menu of the queue", async () => {
    const { page, visible } = await openList("failed");

    await page.locator("[class*=statusBar] button[aria-haspopup=menu]").click();
    await page.getByRole("menuitem", { name: "Pause" }).waitFor();

    expect(await all(visible("[role=menuitem]"))).toEqual(["Retry all 1 failed jobs", "Pause"]);
  });

  test("among the tabs of the first page", async () => {
    const { page, visible, url } = await openList("failed");

    await page.goto(`${url}/dashboard`);
    await page.getByText("DELAYED").first().waitFor();

    expect(await all(visible("[class*=statusTabs] a"))).toEqual(["ALL", ...STATES]);
  });
});

test("bull-board retries parked events", async () => {
  const { url, queue } = await filled();
  const { page } = await open(`${url}/dashboard/queue/events?status=failed`);

  await page.getByText("Retry all").click();
  await page.getByRole("button", { name: "Confirm" }).click();

  await vi.waitFor(async () => expect(await queue.getFailedCount()).toBe(0), 10_000);
});

test("the overview runs without a complaint and leads to the event in bull-board", async () => {
  const { url } = await filled({ openEvents: [{ ...parked, id: "e-failed", type: "FileDeleted" }] });
  const { page, complaints } = await open(url);

  await page.getByRole("link", { name: "FileDeleted" }).click();
  await page.waitForURL("**/dashboard/queue/events/e-failed*");

  await page.getByText("the file service answered 500").first().waitFor();
  expect(complaints).toEqual([]);
});

test("a person signs in, discards an event with a reason and is told so", async () => {
  const { url, pages } = await setup({ dashboard: { user: "operator", password: PASSWORD } });
  const { page } = await open(url, { httpCredentials: { username: "operator", password: PASSWORD } });

  await page.getByText("Discard…").click();
  await page.getByRole("button", { name: "Give it up and confirm it" }).click();
  expect(pages.discard, "the browser asks for a reason first").not.toHaveBeenCalled();
  await page.getByLabel("Reason").fill("a test upload");
  await page.getByRole("button", { name: "Give it up and confirm it" }).click();

  await page.getByText("The event is given up").waitFor();
  expect(pages.discard.mock.calls).toEqual([["e-parked", "a test upload"]]);
});

test("a person retries a parked event", async () => {
  const { url, pages } = await setup();
  const { page } = await open(url);

  await page.getByRole("button", { name: "Retry" }).click();

  await page.getByText("The event gets another attempt.").waitFor();
  expect(pages.retry.mock.calls).toEqual([["e-parked"]]);
});

test("the overview keeps itself fresh, but not while a reason is being typed", async () => {
  let status = statusOf();
  const { url, pages } = await setup({ status: () => Promise.resolve(status) });
  const { page } = await open(url, { clock: true });
  await page.getByRole("heading", { name: "Ready", exact: true }).waitFor();

  status = statusOf({
    problems: [{ code: "pull-silent", fact: "no pull for 3 min", fix: "look", since: new Date().toISOString() }],
  });
  await page.clock.runFor(5_000);
  await page.getByText("no pull for 3 min").waitFor();
  await page.getByText("Discard…").click();
  await page.getByLabel("Reason").fill("half a rea");
  const before = pages.openEvents.mock.calls.length;
  await page.clock.runFor(60_000);

  expect(await page.getByLabel("Reason").inputValue()).toBe("half a rea");
  expect(pages.openEvents.mock.calls.length).toBe(before);
});

test("a page whose worker is gone says that it is old", async () => {
  const { url, server } = await setup();
  const { page } = await open(url, { clock: true });

  await server.close();
  await page.clock.runFor(5_000);

  await page.getByText("the worker does not answer, this page is old").waitFor();
});

test("markup in an event's type or reason does nothing", async () => {
  const markup = `<script>alert(1)</script><img src="x" onerror="alert(2)">`;
  const event: OpenEvent = { ...parked, type: markup, reason: markup };
  const { url } = await setup({ openEvents: [event] });

  const { page, complaints } = await open(url);

  expect(await page.getByRole("link", { name: markup }).count()).toBe(1);
  expect(complaints).toEqual([]);
});

test("a foreign page cannot make a signed-in browser act", async () => {
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
