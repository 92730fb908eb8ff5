import type { Browser, BrowserContextOptions } from "playwright-core";
import { onTestFinished } from "vitest";

/** A page that records the browser's complaints and its requests to other hosts. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
  page.on("pageerror", (error) => void complaints.push(error.message));
  page.on("dialog", (dialog) => void complaints.push(`dialog: ${dialog.message()}`));
  const { origin } = new URL(url);
  page.on("request", (asked) => {
    const to = new URL(asked.url());
    if (to.protocol.startsWith("http") && to.origin !== origin) complaints.push(`foreign: ${asked.url()}`);
  });
  await page.goto(url);
  return { page, context, complaints };
}
