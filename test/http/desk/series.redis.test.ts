import { expect, test } from "vitest";
import type { Series } from "../../../src/desk/contract.ts";
import { setup } from "../setup.ts";

const NONE = { in: 0, handled: 0, failed: 0, parked: 0, confirmed: 0 };

const point = (minute: number, counts: Partial<typeof NONE>) => ({
  ...NONE,
  ...counts,
  at: `2026-11-20T10:0${minute}:00.000Z`,
});

function seriesOf(range: Series["range"]): Series {
  return {
    range,
    stepMs: 60_000,
    points: [point(0, { in: 1_200, handled: 1_000 }), point(1, {}), point(2, { in: 34, failed: 5 })],
    types: [{ type: "<b>Odd", handled: 95, failed: 5, parked: 1, handlerMs: { p50: 40, p95: 1_800 } }],
    sources: [{ source: "tencent-vod", in: 1_234, confirmed: 1_000, confirmMs: { p50: 20, p95: 64 } }],
  };
}

test("the first page shows how it went over the time that is asked for, by type and by source", async () => {
  const { ask } = await setup({ desk: { series: async (range) => seriesOf(range) } });

  const { text } = await ask("/?range=3h");

  expect(text).toMatch(/<a href="\/\?range=3h#series" aria-current="true"\s*>3 hours</);
  expect(text).toMatch(/<figcaption>In <b>1,234<\/b><\/figcaption>/);
  expect(text).toContain('aria-label="at most 1,200 in one step"');
  expect(text.match(/<rect /g)).toHaveLength(4);
  const rows = text.replaceAll(/\s+/g, " ").replaceAll(/> | </g, (edge) => edge.trim());
  expect(rows).toMatch(/&lt;b&gt;Odd.*>95<.*>5%<.*>1<.*>40 ms \/ 1.8 s</);
  expect(rows).toMatch(/<b>tencent-vod<.*>1,234<.*>1,000<.*>20 ms \/ 64 ms</);
});

test("another time than these is the shortest, and what cannot be read is told", async () => {
  const { ask } = await setup({ desk: { series: () => Promise.reject(new Error("gone")) } });

  const { status, text } = await ask("/?range=1y");

  expect(status).toBe(200);
  expect(text).toMatch(/range=15m#series" aria-current="true"/);
  expect(text).toMatch(/How it went[^]*This cannot be read at the moment/);
});

test("a search tells how far the history reaches back", async () => {
  const since = new Date(Date.now() - 7_200_000).toISOString();
  const { ask } = await setup({ desk: { reach: async () => ({ events: 200_000, since }) } });

  expect((await ask("/events?search=x")).text).toContain("The history holds 200,000 events and reaches back 2h.");
});
