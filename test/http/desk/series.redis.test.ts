import { expect, test } from "vitest";
import type { Series } from "../../../src/desk/contract.ts";
import { sourceOf, statusOf } from "../../support/status.ts";
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
    types: [
      { type: "<b>Odd", handled: 95, failed: 5, parked: 1, handledPerMinute: 19.4, handlerMs: { p50: 40, p95: 1_800 } },
    ],
    sources: [
      {
        source: "tencent-vod",
        in: 1_234,
        handled: 900,
        failed: 100,
        confirmed: 1_000,
        inPerMinute: 6_000,
        confirmedPerMinute: 240.4,
        lastEventAt: new Date(Date.now() - 5_400_000).toISOString(),
        queueMs: { p50: 8, p95: 3_200 },
        lingerMs: { p50: 4, p95: 11 },
        confirmMs: { p50: 20, p95: 64 },
        windowUsed: { p50: 0.023, p95: 0.512 },
      },
    ],
    receivers: [{ source: "zegocloud", in: 7, answered: 9, inPerMinute: 0.4, answeredPerMinute: 0.5 }],
  };
}

test("the first page shows the counts of the chosen time range, by type and by source", async () => {
  const { ask } = await setup({ desk: { series: async (range) => seriesOf(range) } });

  const { text } = await ask("/?range=3h");

  expect(text).toMatch(/<a href="\/\?range=3h#series" aria-current="true"\s*>3 hours</);
  expect(text).toMatch(/<figcaption>In <b>1,234<\/b><\/figcaption>/);
  expect(text).toContain('aria-label="at most 1,200 in one step"');
  expect(text.match(/<rect /g)).toHaveLength(4);
  const rows = text.replaceAll(/\s+/g, " ").replaceAll(/> | </g, (edge) => edge.trim());
  expect(rows).toMatch(/&lt;b&gt;Odd.*>19\/min<.*>95<.*>5%<.*>1<.*>40 ms \/ 1.8 s</);
  expect(rows).toMatch(
    /series-tencent-vod.*>1,234<.*>900<.*>10%<.*>1,000<.*>8 ms \/ 3.2 s<.*>4 ms \/ 11 ms<.*>20 ms \/ 64 ms<.*>2.3% \/ 51.2%</,
  );
});

test("the first page has a row for each source and receiver: rates, last event, open events and their age", async () => {
  const oldestAt = new Date(Date.now() - 7_200_000).toISOString();
  const desk = {
    series: async (range: Series["range"]) => seriesOf(range),
    receivers: async () => [
      { source: "zegocloud", open: 12, oldestAt },
      { source: "alibaba-vod", open: 0 },
    ],
  };
  const { ask } = await setup({
    desk,
    status: async () => statusOf({ sources: [sourceOf({ name: "tencent-vod", backlog: 321 })] }),
  });

  const { text } = await ask("/?range=2d");

  expect(cellsOf(text, "source-tencent-vod")).toEqual([
    "tencent-vodLast pull 2s ago · 1 handled, to be confirmed",
    "100/s",
    "240/min",
    "1h 30m ago",
    "321",
    "7",
    "oldest is 1m 30s old, 3d 23h left",
  ]);
  expect(cellsOf(text, "receiver-zegocloud")).toEqual([
    "zegocloudcallbacks, confirmed by the answer 200",
    "0.4/min",
    "0.5/min",
    "never",
    "",
    "12",
    "2h old; confirmed by the answer 200",
  ]);
  expect(cellsOf(text, "receiver-alibaba-vod").slice(5)).toEqual(["0", "none"]);
  expect(text).toContain("Of all callbacks 0 of at most 20,000 wait or are parked.");
});

function cellsOf(text: string, row: string): readonly string[] {
  const [, found = ""] = new RegExp(`<tr role="row" id="${row}"([^]*?)</tr>`).exec(text) ?? [];
  const cells = [...found.matchAll(/<td[^>]*>([^]*?)<\/td>/g)].map(([, cell = ""]) => cell);
  return cells.map((cell) =>
    cell
      .replaceAll(/<[^>]*>/g, "")
      .replaceAll(/\s+/g, " ")
      .trim(),
  );
}

test("an unknown time range becomes the shortest one, and unreadable counts are reported", async () => {
  const { ask } = await setup({ desk: { series: () => Promise.reject(new Error("gone")) } });

  const { status, text } = await ask("/?range=1y");

  expect(status).toBe(200);
  expect(text).toMatch(/range=15m#series" aria-current="true"/);
  expect(text).toMatch(/Activity[^]*This cannot be read at the moment/);
});

test("the search page says how far the history reaches back", async () => {
  const since = new Date(Date.now() - 7_200_000).toISOString();
  const { ask } = await setup({ desk: { reach: async () => ({ events: 200_000, since }) } });

  expect((await ask("/events?search=x")).text).toContain("The history holds 200,000 events and reaches back 2h.");
});
