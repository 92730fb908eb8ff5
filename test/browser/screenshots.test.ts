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

const wave = (index: number) => 40 + Math.round(30 * Math.sin(index / 5));

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
    { type: "NewFileUpload", handled: 2_210, failed: 31, parked: 0, handlerMs: { p50: 40, p95: 1_800 } },
    { type: "ConcatComplete", handled: 190, failed: 5, parked: 3, handlerMs: { p50: 90, p95: 400 } },
  ];
  const sources = [{ source: sample.source, in: 2_400, confirmed: 2_380, confirmMs: { p50: 20, p95: 64 } }];
  return { range, stepMs: 15_000, points, types, sources };
}

test.each<[name: string, options: BrowserContextOptions]>([
  ["desk", DESKTOP],
  ["desk-dark", { ...DESKTOP, colorScheme: "dark" }],
  ["desk-phone", PHONE],
  ["desk-phone-chinese", { ...PHONE, locale: "zh-CN" }],
])("the first page is drawn: %s", async (name, options) => {
  const status = statusOf({ sources: [sourceOf({})] });
  const desk = { groups: async () => [group], series: async (range: Series["range"]) => seriesOf(range) };
  const { url } = await setup({ status: async () => status, openEvents: [parked], desk });
  const folder = process.env["SCREENSHOTS"] ?? (await tempFolder());
  await mkdir(folder, { recursive: true });

  const { page, complaints } = await openPage(browser, url, options);
  const picture = await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });

  expect(complaints).toEqual([]);
  expect(picture.length).toBeGreaterThan(20_000);
});
