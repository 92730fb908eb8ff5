import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { OpenEvent } from "../../src/core/event-states.ts";
import type { DeskEvent } from "../../src/desk/contract.ts";
import { PASSWORD, parked, setup } from "../http/setup.ts";
import { launchBrowser } from "../support/chromium.ts";
import { openPage } from "../support/open-page.ts";
import { DESKTOP, PHONE } from "../support/screens.ts";
import { statusOf } from "../support/status.ts";
import { desk, found, group, HOSTILE, LONG } from "./full-desk.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const open = (url: string, options?: BrowserContextOptions) => openPage(browser, url, options);

describe.each([
  ["a desktop", DESKTOP],
  ["a phone", PHONE],
])("the desk on %s", (_name, screen) => {
  test("no page scrolls sideways, logs an error, or loads anything from elsewhere", async () => {
    const { url } = await setup({ desk, openEvents: [parked, { ...parked, id: "e-2", type: LONG, reason: LONG }] });
    const { page, complaints } = await open(url, screen);

    for (const path of ["/", "/events?search=state:parked", "/events/e-parked", "/events?search=%22", "/events/none"]) {
      await page.goto(url + path);
      await page.getByRole("contentinfo").waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path).toBe(true);
    }

    expect(complaints.filter((line) => !/status of 40[04]/.test(line))).toEqual([]);
  });

  test("every page works with a screen reader: landmarks, captions, and a name for each control", async () => {
    const { url } = await setup({ desk });
    const { page } = await open(url, screen);

    for (const path of ["/", "/events?search=state:parked", "/events/e-parked"]) {
      await page.goto(url + path);
      for (const landmark of ["banner", "main", "navigation", "search", "contentinfo"] as const)
        expect(await page.getByRole(landmark).count(), `${landmark} of ${path}`).toBe(1);
      expect(await page.getByRole("heading", { level: 1 }).count(), path).toBe(1);
      expect(await namelessControls(page), path).toEqual([]);
      for (const table of await page.getByRole("table").all())
        expect(await table.locator("caption").textContent(), path).not.toBe("");
    }
    await page.goto(url);
    await page.getByRole("button", { name: "Retry 1,204 events of ConcatComplete: connect ECONNREFUSED #" }).waitFor();
    await page.goto(`${url}/events/e-parked`);
    await page.getByRole("button", { name: "Retry ConcatComplete of 5285890784273533167" }).first().waitFor();
  });
});

test("on a phone each button of the desk is as wide as its card and high enough for a finger", async () => {
  const { url } = await setup({ desk });
  const { page } = await open(url, PHONE);

  const boxes = await Promise.all((await page.locator("main button:visible").all()).map((one) => one.boundingBox()));

  expect(boxes.length).toBeGreaterThanOrEqual(2);
  for (const box of boxes) {
    expect(box?.height).toBeGreaterThanOrEqual(44);
    expect(box?.width).toBeGreaterThanOrEqual(300);
  }
});

test("after signing in, a person discards an event with a reason and sees the result", async () => {
  const { url, pages } = await setup({ dashboard: { user: "operator", password: PASSWORD } });
  const { page, complaints } = await open(url, { httpCredentials: { username: "operator", password: PASSWORD } });

  await page.getByText("Discard…").click();
  await page.getByRole("button", { name: "Give it up and confirm it" }).click();
  expect(pages.discard, "the browser asks for a reason first").not.toHaveBeenCalled();
  await page.getByLabel("Reason").fill("a test upload");
  await page.getByRole("button", { name: "Give it up and confirm it" }).click();

  await page.getByText("The event is given up").waitFor();
  expect(pages.discard.mock.calls).toEqual([["e-parked", "a test upload", "operator, 127.0.0.1"]]);
  expect(complaints).toEqual([]);
});

test("a person retries an event from its page with the keyboard alone and without JavaScript", async () => {
  const { url, pages } = await setup({ desk });
  const { page } = await open(url, { javaScriptEnabled: false });

  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("Skip to the content");
  await page.getByRole("link", { name: "5285890784273533167" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Retry ConcatComplete" }).first().focus();
  await page.keyboard.press("Enter");

  await page.getByText("The event gets another attempt.").waitFor();
  expect(page.url()).toBe(`${url}/events/e-parked?notice=retried`);
  expect(pages.retry.mock.calls).toEqual([["e-parked", "127.0.0.1"]]);
});

test("a group of failures is retried, and the page shows the progress until it is done", async () => {
  const half = Promise.withResolvers<void>();
  const { url } = await setup({
    desk: {
      ...desk,
      retryGroup: async (_group, _signal, report) => {
        report?.(602, 1_204);
        await half.promise;
        return 1_204;
      },
    },
  });
  const { page } = await open(url);

  await page.getByRole("button", { name: "Retry 1,204 events" }).click();
  await page.getByText("Retrying: 602 of 1,204 events, the oldest first.").waitFor();
  half.resolve();

  await page.getByText("1,204 events got another attempt.").waitFor();
});

test("a page updates itself on a change and does not disturb somebody who is using it", async () => {
  let status = statusOf();
  const openEvents = [parked, { ...parked, id: "e-2", type: "FileDeleted" }];
  const { url } = await setup({ status: () => Promise.resolve(status), openEvents });
  const { page } = await open(url);
  await page.getByRole("heading", { name: "Ready", exact: true }).waitFor();
  await page.getByText("Discard…").nth(1).click();
  const reason = page.getByLabel("Reason").filter({ visible: true });
  await reason.fill("half a rea");

  // The row moves to the first place, and a problem comes.
  openEvents.reverse();
  status = statusOf({
    problems: [{ code: "pull-silent", fact: "no pull for 3 min", fix: "look", since: new Date().toISOString() }],
  });
  await page.getByText("no pull for 3 min").waitFor();
  expect(await page.locator("[id^=event-]").first().getAttribute("id")).toBe("event-e-2");
  expect(await reason.inputValue()).toBe("half a rea");
  expect(await page.evaluate("document.activeElement?.name")).toBe("reason");

  // The event is gone. Its row stays while somebody is writing in it.
  openEvents.shift();
  status = statusOf();
  await page.getByRole("heading", { name: "Ready", exact: true }).waitFor();
  expect(await reason.inputValue()).toBe("half a rea");
});

test("many tabs share one live stream, so none keeps another from loading", async () => {
  let status = statusOf();
  const { url } = await setup({ status: () => Promise.resolve(status) });
  const { page, context } = await open(url);

  // A browser opens six connections to one origin.
  const others: Page[] = [];
  for (let count = 0; count < 8; count++) {
    const other = await context.newPage();
    await other.goto(url, { timeout: 10_000 });
    others.push(other);
  }
  status = statusOf({ sources: [], callbacks: { waiting: 0, waitingBytes: 0, maxWaiting: 0, maxWaitingBytes: 0 } });

  for (const one of [page, ...others]) await one.getByText("This process pulls from no source.").waitFor();
});

test("a page whose worker is gone says that it is out of date, and updates again when the worker is back", async () => {
  const { url, server, options } = await setup();
  const { page } = await open(url);
  await page.waitForFunction("performance.getEntriesByName(location.origin + '/desk.js').length > 0");

  await server.close();
  await page.getByText("The worker does not answer: this page is out of date.").waitFor();
  expect(await page.title()).toBe("NO ANSWER · reliable-callback");

  const { startHttp } = await import("../../src/http/server.ts");
  const again = await startHttp({ ...options, port: server.address.port });
  onTestFinished(() => again.close());
  await page.getByText("The worker does not answer").waitFor({ state: "hidden" });
});

test("text from vendors and errors is always shown as text, never as HTML", async () => {
  const event: OpenEvent = { ...parked, type: HOSTILE, reason: HOSTILE };
  const hostile: DeskEvent = { ...found, type: HOSTILE, error: HOSTILE, subjects: [HOSTILE], worker: HOSTILE };
  const life = [{ at: found.firstSeen, what: "attempt" as const, by: HOSTILE, error: HOSTILE, result: HOSTILE }];
  const { url } = await setup({
    openEvents: [event],
    desk: {
      groups: async () => [{ ...group, type: HOSTILE, error: HOSTILE, sample: hostile }],
      events: async () => ({ events: [hostile] }),
      event: async () => ({ ...hostile, body: { [HOSTILE]: HOSTILE }, life }),
    },
  });

  const { page, complaints } = await open(url);
  for (const path of ["/", `/events?search=${encodeURIComponent(`'${HOSTILE.replaceAll('"', "'")}`)}`, "/events/any"]) {
    await page.goto(url + path);
    await page.getByText("<script>alert(1)</script>").first().waitFor();
    expect(await page.locator("main img, main script").count(), path).toBe(0);
  }

  expect(complaints).toEqual([]);
});

test("a browser set to Chinese gets the desk in Chinese, with Chinese numbers and ages", async () => {
  const { url } = await setup({ desk });
  const { page } = await open(url, { locale: "zh-CN" });

  await page.getByRole("heading", { name: "正常" }).waitFor();
  await page.getByRole("button", { name: "重试 ConcatComplete 的 1,204 个事件" }).waitFor();
  await page
    .getByText(/1小时3\d分钟前/)
    .first()
    .waitFor();
});

test("the copy button copies the body of an event", async () => {
  const { url } = await setup({ desk });
  const { page, context } = await open(url);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${url}/events/e-parked`);

  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();

  await vi.waitFor(async () =>
    expect(JSON.parse(String(await page.evaluate("navigator.clipboard.readText()")))).toMatchObject({
      FileId: "5285890784273533167",
    }),
  );
});

async function focused(page: Page): Promise<unknown> {
  return await page.locator(":focus").textContent();
}

async function namelessControls(page: Page): Promise<unknown> {
  const controls = await page.locator("button:visible, a:visible, input:visible, summary:visible, meter:visible").all();
  const names = await Promise.all(controls.map(async (one) => await one.ariaSnapshot()));
  return names.filter((name) => /^- (button|link|textbox|searchbox|meter)(:? *|\n.*)?$/.test(name));
}
