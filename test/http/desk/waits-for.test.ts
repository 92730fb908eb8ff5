import { expect, test } from "vitest";
import { HELD_FOR } from "../../../src/core/limits.ts";
import type { EventWithLife } from "../../../src/desk/contract.ts";
import { waitsFor } from "../../../src/http/desk/event-parts.ts";
import { chinese } from "../../../src/http/desk/texts/chinese.ts";
import { english } from "../../../src/http/desk/texts/english.ts";

const NOW = Date.parse("2030-01-01T00:00:00.000Z");
const HANDLER = "tencent-vod NewFileUpload";

const event: EventWithLife = {
  id: "ev-1",
  vendor: "tencent-vod",
  source: "tencent-vod",
  door: "pull",
  type: "NewFileUpload",
  state: "waiting",
  subjects: [],
  firstSeen: "2029-12-31T23:00:00.000Z",
  deliveries: 1,
  attempts: 0,
  life: [],
};

async function said(changes: Partial<EventWithLife>) {
  const texts = [english, chinese].map(async (language) => {
    const words = await waitsFor({ ...event, ...changes }, language, NOW);
    return words === undefined ? undefined : String(words).trim();
  });
  return await Promise.all(texts);
}

test.each([
  [
    "batch",
    `its batch of ${HANDLER}: more events, the end of the linger, or a place`,
    `${HANDLER} 的批次：等待同批事件、等待时间或名额`,
  ],
  ["place", `a place: ${HANDLER} runs as many events as allowed`, `名额：${HANDLER} 同时处理的数量已达上限`],
  ["rate", `its turn under the rate limit of ${HANDLER}`, `时间：${HANDLER} 的速率限制`],
  ["pause", `an operator, who paused ${HANDLER}`, `操作人员：${HANDLER} 已被暂停`],
] as const)(
  "the desk says of an event that is held for its %s what it waits for",
  async (what, inEnglish, inChinese) => {
    expect(await said({ heldFor: { what, handler: HANDLER } })).toEqual([inEnglish, inChinese]);
  },
);

test("the desk says of an event behind others of its key which key it is, and links the first of them", async () => {
  const heldFor = { what: "key", handler: HANDLER, key: "a&b", after: "ev/0" } as const;
  const link = '<a href="/events/ev%2F0">ev/0</a>';
  expect(await said({ heldFor })).toEqual([
    `earlier events of ${HANDLER} with the key a&amp;b; first ${link}`,
    `${HANDLER} 中键为 a&amp;b 的较早事件，首先是 ${link}`,
  ]);
});

test("every reason to hold an event has words in both languages", async () => {
  const all = await Promise.all(HELD_FOR.map((what) => said({ heldFor: { what, handler: HANDLER, key: "k" } })));
  expect(new Set(all.flat()).size).toBe(2 * HELD_FOR.length);
});

test("the desk links a batched event to the event that carries its batch", async () => {
  expect(await said({ state: "running", inBatchOf: "ev-9" })).toEqual([
    'runs in the batch of <a href="/events/ev-9">ev-9</a>',
    '正在同一批中处理，批次属于 <a href="/events/ev-9">ev-9</a>',
  ]);
});

test("the desk says what an event waits for in each state, and nothing while its handler runs", async () => {
  expect(await said({ state: "delayed", nextAttemptAt: new Date(NOW + 30_000).toISOString() })).toEqual([
    "its next attempt, in 30s",
    "下一次尝试，30秒后",
  ]);
  expect((await said({ state: "parked" }))[0]).toBe("a person: retry or discard it");
  expect((await said({ state: "handled" }))[0]).toBe("its confirmation");
  expect(await said({ state: "running" })).toEqual([undefined, undefined]);
});
