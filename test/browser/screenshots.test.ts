/** The pictures of the documents: `SCREENSHOTS=docs/images` writes them there. They show the desk as it looks with a night's work on it. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DeskEvent, Group, Series } from "../../src/desk/contract.ts";
import { parked, setup } from "../http/setup.ts";
import { launchBrowser } from "../support/chromium.ts";
import { DESKTOP, openPage, PHONE } from "../support/open-page.ts";
import { sourceOf, statusOf } from "../support/status.ts";
import { tempFolder } from "../support/temp-folder.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

const sample: DeskEvent = {
  id: "e-parked",
  vendor: "tencent-vod",
  source: "tencent-vod/1500000001",
  door: "pull",
  type: "ConcatComplete",
  state: "parked",
  subjects: ["5285890784273533167"],
  firstSeen: ago(90),
  deliveries: 12,
  attempts: 20,
  error: "connect ECONNREFUSED 10.0.3.7:5432",
};
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

const wave = (index: number) => 40 + Math.round(30 * Math.sin(index / 5));

const spreads = {
  queueMs: { p50: 3, p95: 45 },
  handlerMs: { p50: 45, p95: 1_448 },
  lingerMs: { p50: 6, p95: 23 },
  confirmMs: { p50: 23, p95: 64 },
  windowUsed: { p50: 0.003, p95: 0.064 },
};

function seriesOf(range: Series["range"]): Series {
  const points = Array.from({ length: 60 }, (_, index) => ({
    at: ago(15 - index / 4),
    in: wave(index),
    handled: wave(index - 1),
    failed: index % 11 === 0 ? 6 : 0,
    parked: index === 33 ? 3 : 0,
    confirmed: wave(index - 1),
  }));
  const types = [
    { type: "NewFileUpload", handled: 2_210, failed: 31, parked: 0, handledPerMinute: 147, ...spreads },
    { type: "ConcatComplete", handled: 190, failed: 5, parked: 3, handledPerMinute: 12.6, ...spreads },
  ];
  const counts = { in: 2_400, handled: 2_400, failed: 36, confirmed: 2_380 };
  const rates = { inPerMinute: 160, confirmedPerMinute: 158, lastEventAt: ago(0.1) };
  const sources = [{ source: sample.source, ...counts, ...rates, ...spreads }];
  const receivers = [
    { source: "zegocloud", in: 210, answered: 212, inPerMinute: 14, answeredPerMinute: 14.1, lastEventAt: ago(1) },
  ];
  return { range, stepMs: 15_000, points, types, sources, receivers };
}

test.each<[name: string, options: BrowserContextOptions]>([
  ["desk", DESKTOP],
  ["desk-dark", { ...DESKTOP, colorScheme: "dark" }],
  ["desk-phone", PHONE],
  ["desk-phone-chinese", { ...PHONE, locale: "zh-CN" }],
])("the first page is drawn: %s", async (name, options) => {
  const status = statusOf({ sources: [sourceOf({ backlog: 12 })] });
  const desk = {
    groups: async () => [group],
    series: async (range: Series["range"]) => seriesOf(range),
    receivers: async () => [receiver],
  };
  const { url } = await setup({ status: async () => status, openEvents: [parked], desk });
  const folder = process.env["SCREENSHOTS"] ?? (await tempFolder());
  await mkdir(folder, { recursive: true });

  const { page, complaints } = await openPage(browser, url, options);
  const picture = await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });

  expect(complaints).toEqual([]);
  expect(picture.length).toBeGreaterThan(20_000);
});
