/** The data that fills the pages in tests. */
import type { DeskEvent, Group, Series } from "../../src/desk/contract.ts";

export const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

export const HOSTILE = `"><script>alert(1)</script><img src="x" onerror="alert(2)">`;
export const LONG = "a-word-without-any-break-".repeat(20);

export const sample: DeskEvent = {
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
export const found: DeskEvent = { ...sample, parkedAt: ago(60), expiresAt: ago(-1_440) };
export const group: Group = {
  type: "ConcatComplete",
  error: "connect ECONNREFUSED #",
  count: 1_204,
  lastHour: 120,
  oldest: found.firstSeen,
  newest: found.firstSeen,
  expiresAt: ago(-1_440),
  sample: found,
};

/** A desk with one of everything. */
export const desk = {
  groups: async () => [group],
  events: async () => ({ events: [found, { ...found, id: "e-other", type: LONG, error: LONG }], cursor: "more" }),
  event: async (id: string) =>
    id === "e-parked" ? { ...found, body: { FileId: "5285890784273533167", Note: LONG }, life: [] } : undefined,
};

const wave = (index: number) => 40 + Math.round(30 * Math.sin(index / 5));

const spreads = {
  queueMs: { p50: 3, p95: 45 },
  handlerMs: { p50: 45, p95: 1_448 },
  lingerMs: { p50: 6, p95: 23 },
  confirmMs: { p50: 23, p95: 64 },
  windowUsed: { p50: 0.003, p95: 0.064 },
};

export function seriesOf(range: Series["range"]): Series {
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
  const sources = [{ source: found.source, ...counts, ...rates, ...spreads }];
  const receivers = [
    { source: "zegocloud", in: 210, answered: 212, inPerMinute: 14, answeredPerMinute: 14.1, lastEventAt: ago(1) },
  ];
  return { range, stepMs: 15_000, points, types, sources, receivers };
}
