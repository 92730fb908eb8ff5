/**
 * Draws the pictures of the documents. `SCREENSHOTS=docs/images` writes them there. They show the desk after a night's
 * work.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EventWithLife, Group, Series } from "../../src/desk/contract.ts";
import { parked, setup } from "../http/setup.ts";
import { launchBrowser } from "../support/chromium.ts";
import { openPage } from "../support/open-page.ts";
import { DESKTOP, PHONE } from "../support/screens.ts";
import { sourceOf, statusOf } from "../support/status.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { ago, sample, seriesOf } from "./full-desk.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const group: Group = {
  type: "ConcatComplete",
  error: "connect ECONNREFUSED #",
  count: 204,
  lastHour: 120,
  oldest: ago(90),
  newest: ago(1),
  expiresAt: ago(-5_000),
  sample,
};

const receiver = { source: "zegocloud", open: 3, oldestAt: ago(4) };

const event: EventWithLife = {
  ...sample,
  parkedAt: ago(40),
  expiresAt: ago(-5_000),
  receiptUntil: ago(-0.3),
  lastDelivery: ago(0.2),
  worker: "worker-1:71",
  life: [
    { at: ago(90), what: "delivered", by: "worker-1:71", receipt: "…x7Qd2a" },
    {
      at: ago(89.9),
      what: "attempt",
      by: "worker-1:71",
      endedAt: ago(89.8),
      result: "failed",
      error: "connect ECONNREFUSED 10.0.3.7:5432",
    },
    { at: ago(60), what: "action", by: "anna, 10.0.0.7", result: "retried by hand" },
    { at: ago(0.2), what: "delivered", by: "worker-2:15", receipt: "…b81Lk0" },
  ],
  stack: "Error: connect ECONNREFUSED 10.0.3.7:5432\n    at store (/app/handlers/index.ts:41:9)",
  steps: [
    { name: "fetch", isDone: true },
    { name: "store", isDone: false, seenAt: ago(40) },
  ],
  progress: { percent: 40 },
  lines: ["2026-11-20T03:12:44.120Z info attempt 20 fetched 3 files", "2026-11-20T03:12:44.310Z warn attempt 20 slow"],
  body: { EventType: "ConcatComplete", ConcatCompleteEvent: { FileInfoSet: [{ FileId: "5285890784273533167" }] } },
  neighbours: [
    {
      ...sample,
      id: "e-upload",
      type: "NewFileUpload",
      state: "confirmed",
      attempts: 1,
      error: "",
      firstSeen: ago(95),
    },
  ],
  areAllNeighbours: false,
};

/** These pictures are in the documents. `OTHER_SCREENSHOTS` is the folder for all others, which people look at. */
const IN_DOCS = new Set(["desk", "desk-dark", "desk-phone", "desk-phone-chinese", "event-phone"]);

const PAGES = [
  ["desk", "/"],
  ["search", "/events?search=state:parked"],
  ["event", "/events/e-parked"],
] as const;

test.each<[name: string, options: BrowserContextOptions]>([
  ["", DESKTOP],
  ["-dark", { ...DESKTOP, colorScheme: "dark" }],
  ["-phone", PHONE],
  ["-phone-dark", { ...PHONE, colorScheme: "dark" }],
  ["-chinese", { ...DESKTOP, locale: "zh-CN" }],
  ["-phone-chinese", { ...PHONE, locale: "zh-CN" }],
])("the screenshots of the documents are taken%s", async (name, options) => {
  // The numbers of one night, so that no two of them contradict each other.
  const status = statusOf({
    queue: {
      waiting: 3,
      running: 2,
      delayed: 1,
      parked: group.count,
      completed: 50,
      paused: false,
      maxWaiting: 10_000,
    },
    callbacks: { waiting: receiver.open, waitingBytes: 2_100, maxWaiting: 20_000, maxWaitingBytes: 134_217_728 },
    sources: [sourceOf({ backlog: 12, unconfirmed: group.count + 7, oldestUnconfirmedMs: 90 * 60_000 })],
  });
  const oldest = { ...parked, type: sample.type, reason: group.error.replace("#", "10.0.3.7:5432") };
  const desk = {
    groups: async () => [group],
    series: async (range: Series["range"]) => seriesOf(range),
    receivers: async () => [receiver],
    events: async () => ({ events: [sample, ...(event.neighbours ?? [])] }),
    event: async () => event,
  };
  const { url } = await setup({ status: async () => status, openEvents: [oldest], desk });
  const { SCREENSHOTS: shown = await tempFolder(), OTHER_SCREENSHOTS: others = await tempFolder() } = process.env;
  for (const folder of [shown, others]) await mkdir(folder, { recursive: true });
  const { page, complaints } = await openPage(browser, url, options);
  for (const [what, path] of PAGES) {
    await page.goto(url + path);
    const picture = await page.screenshot({
      path: join(IN_DOCS.has(what + name) ? shown : others, `${what}${name}.png`),
      fullPage: true,
    });
    expect(picture.length, what).toBeGreaterThan(10_000);
  }

  expect(complaints).toEqual([]);
});
