import { expect, test } from "vitest";
import type { Status } from "../../../src/http/probes/status-contract.ts";
import { statusOf } from "../../support/status.ts";
import { setup } from "../setup.ts";

test.each([
  [undefined, "en", "Ready"],
  ["de-DE,fr;q=0.5", "en", "Ready"],
  ["zh-CN,zh;q=0.9,en;q=0.8", "zh-CN", "正常"],
  ["en;q=0.8, zh-TW;q=0.9", "zh-CN", "正常"],
  ["zh;q=0, en", "en", "Ready"],
  ["en-GB,zh;q=0.9", "en", "Ready"],
])("a browser that asks for %s reads %s", async (wish, language, title) => {
  const { ask } = await setup();

  const { headers, text } = await ask("/", { headers: wish === undefined ? {} : { "accept-language": wish } });

  expect(text).toContain(`<html lang="${language}">`);
  expect(text).toContain(`<h1>${title}</h1>`);
  expect(headers.vary).toContain("Accept-Language");
});

test("in Chinese a problem has a title before the worker's own words", async () => {
  const since = new Date(Date.now() - 7_200_000).toISOString();
  const problems: Status["problems"] = [{ code: "redis-away", fact: "Redis is away", fix: "wait", since }];
  const { ask } = await setup({ status: () => Promise.resolve(statusOf({ problems })) });

  const { text } = await ask("/", { headers: { "accept-language": "zh-CN" } });

  expect(text).toMatch(/<b>Redis 无法连接<\/b>\s*<span lang="en">Redis is away, <b>wait<\/b><\/span>/);
  expect(text).toContain("已持续 2小时");
});
