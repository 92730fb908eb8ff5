import { expect, test } from "vitest";
import { setup } from "../setup.ts";

const headers = { "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" };

async function setupLimit() {
  const { ask, pages, lines } = await setup();
  const limit = (fields: Record<string, string>) =>
    ask("/handlers/limit", { method: "POST", headers, body: new URLSearchParams(fields).toString() });
  return { limit, said: pages.limit.mock.calls, lines };
}

test("an operator pauses a handler, limits it and lifts both, and the log has the operator's address", async () => {
  const { limit, said, lines } = await setupLimit();
  const handler = "tencent-vod NewFileUpload";

  expect(await limit({ handler, paused: "yes" })).toMatchObject({ status: 200 });
  expect(await limit({ handler, concurrency: "3", perSecond: "0.5" })).toMatchObject({ status: 200 });
  expect(await limit({ handler, paused: "no", concurrency: "", perSecond: "" })).toMatchObject({ status: 200 });

  expect(said).toEqual([
    [handler, { paused: true, until: null }],
    [handler, { concurrency: 3, perSecond: 0.5, until: null }],
    [handler, { paused: null, concurrency: null, perSecond: null, until: null }],
  ]);
  expect(lines.join("")).toMatch(/"handler":"tencent-vod NewFileUpload".*"paused":true.*"address":"127\.0\.0\.1"/);
});

test("an operator's limit may end by itself after some minutes", async () => {
  const { limit, said } = await setupLimit();
  const before = Date.now();
  expect(await limit({ handler: "* *", paused: "yes", minutes: "10" })).toMatchObject({ status: 200 });
  const until = said[0]?.[1].until ?? 0;
  expect(until).toBeGreaterThanOrEqual(before + 600_000);
  expect(until).toBeLessThanOrEqual(Date.now() + 600_000);
});

test.for<Record<string, string>>([
  {},
  { handler: "tencent-vod X" },
  { handler: "tencent-vod X", minutes: "5" },
  { handler: "NewFileUpload", paused: "yes" },
  { handler: "tencent-vod X", paused: "maybe" },
  { handler: "tencent-vod X", concurrency: "0" },
  { handler: "tencent-vod X", concurrency: "1.5" },
  { handler: "tencent-vod X", perSecond: "-1" },
  { handler: "tencent-vod X", perSecond: "fast" },
  { handler: "tencent-vod X", paused: "yes", minutes: "0" },
])("a limit that sets nothing is answered with what to send: %j", async (fields) => {
  const { limit, said } = await setupLimit();
  const { status, text } = await limit(fields);
  expect([status, text]).toEqual([400, expect.stringMatching(/^Send JSON: .*\n$/)]);
  expect(said).toEqual([]);
});
