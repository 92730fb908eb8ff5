import { expect, test } from "vitest";
import type { Status } from "../../../src/http/probes/status-contract.ts";
import { statusOf } from "../../support/status.ts";
import { languageFor } from "../../../src/http/desk/texts/language.ts";
import { setup } from "../setup.ts";

test.each([
  [undefined, "en", "Ready"],
  ["de-DE,fr;q=0.5", "en", "Ready"],
  ["zh-CN,zh;q=0.9,en;q=0.8", "zh-CN", "正常"],
  ["en;q=0.8, zh-TW;q=0.9", "zh-CN", "正常"],
  ["zh;q=0, en", "en", "Ready"],
  ["en-GB,zh;q=0.9", "en", "Ready"],
])("a browser that asks for %s gets the desk in %s", async (wish, language, title) => {
  const { ask } = await setup();

  const { headers, text } = await ask("/", { headers: wish === undefined ? {} : { "accept-language": wish } });

  expect(text).toContain(`<html lang="${language}">`);
  expect(text).toContain(`<h1>${title}</h1>`);
  expect(headers.vary).toContain("Accept-Language");
});

test("in Chinese a problem has a Chinese title above the worker's own words", async () => {
  const since = new Date(Date.now() - 7_200_000).toISOString();
  const problems: Status["problems"] = [{ code: "redis-away", fact: "Redis is away", fix: "wait", since }];
  const { ask } = await setup({ status: () => Promise.resolve(statusOf({ problems })) });

  const { text } = await ask("/", { headers: { "accept-language": "zh-CN" } });

  expect(text).toMatch(/<b>Redis 无法连接<\/b>\s*<span lang="en">Redis is away, <b>wait<\/b><\/span>/);
  expect(text).toContain("已持续 2小时");
});

test.each([
  ["nothing", "", "en"],
  ["only separators", ",;,;q=,,", "en"],
  ["anything", "*", "en"],
  ["anything, and Chinese less", "*;q=1, zh;q=0.2", "zh-CN"],
  ["control characters", "\u0000\u001b[31mzh\r\nSet-Cookie: a=b", "en"],
  ["control characters around a wish", "\t zh-CN \r\n", "zh-CN"],
  ["a weight that is none", "zh;q=much, en;q=0.1", "en"],
  ["a weight below nothing", "zh;q=-1, en;q=0.1", "en"],
  ["a weight without end", "zh;q=0.5, en;q=Infinity", "zh-CN"],
  ["a name of an object's own", "__proto__, constructor;q=0.9", "en"],
  ["a tag that only begins alike", "zhx, english;q=0.5", "en"],
  ["another script", "\u4e2d\u6587", "en"],
])("an unusual Accept-Language, %s, still gives a language", (_what, wish, language) => {
  expect(languageFor(wish).tag).toBe(language);
});

test("a very long Accept-Language is read in a short time", () => {
  expect(languageFor(`${"xx;q=0.5,".repeat(100_000)}zh`).tag).toBe("zh-CN");
  expect(languageFor(`${" ".repeat(1_000_000)}zh`).tag).toBe("zh-CN");
  expect(languageFor(";q=1".repeat(250_000)).tag).toBe("en");
});
