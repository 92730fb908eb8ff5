import { createServer } from "node:http";
import { once } from "node:events";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { launchBrowser } from "../support/chromium.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser?.close());

test("the browser of the tests loads a local page, runs its script and shows its text", async () => {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<button onclick="this.textContent = 'clicked'">click</button>`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const page = await browser.newPage();
  onTestFinished(() => page.close());

  await page.goto(`http://127.0.0.1:${port}/`);
  const button = page.getByRole("button");
  await button.click();

  expect(await button.textContent()).toBe("clicked");
  expect((await button.boundingBox())?.width).toBeGreaterThan(20);
});
