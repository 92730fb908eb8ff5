/** What the pages are filled with in tests. */
import type { DeskEvent, Group } from "../../src/desk/contract.ts";

export const HOSTILE = `"><script>alert(1)</script><img src="x" onerror="alert(2)">`;
export const LONG = "a-word-without-any-break-".repeat(20);

export const found: DeskEvent = {
  id: "e-parked",
  vendor: "tencent-vod",
  source: "tencent-vod/1500000001",
  door: "pull",
  type: "ConcatComplete",
  state: "parked",
  subjects: ["5285890784273533167"],
  firstSeen: new Date(Date.now() - 5_400_000).toISOString(),
  deliveries: 12,
  attempts: 20,
  error: "connect ECONNREFUSED 10.0.3.7:5432",
  parkedAt: new Date(Date.now() - 3_600_000).toISOString(),
  expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
};
export const group: Group = {
  type: "ConcatComplete",
  error: "connect ECONNREFUSED #",
  count: 1_204,
  lastHour: 120,
  oldest: found.firstSeen,
  newest: found.firstSeen,
  expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  sample: found,
};

/** A desk with one of everything. */
export const desk = {
  groups: async () => [group],
  events: async () => ({ events: [found, { ...found, id: "e-other", type: LONG, error: LONG }], cursor: "more" }),
  event: async (id: string) =>
    id === "e-parked" ? { ...found, body: { FileId: "5285890784273533167", Note: LONG }, life: [] } : undefined,
};
