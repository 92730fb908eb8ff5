import { expect, test } from "vitest";
import { type Counted, differencesIn } from "./reconcile.ts";

const success = (key: string) => ({ phase: "success" as const, key });
const AGREED: Counted = {
  events: 4,
  vendor: {
    pulled: { published: 2, confirmed: 1, unconfirmed: 1, lost: 0 },
    pushed: { published: 2, confirmed: 1, unconfirmed: 0, lost: 1 },
  },
  pulled: [{ key: "pulled", confirmedAt: 1_000 }, { key: "open" }],
  pushed: [
    { key: "taken", isTaken: true },
    { key: "refused", isTaken: false },
  ],
  workers: { handled: 3, taken: 1 },
  runs: [success("pulled"), success("taken"), success("taken"), { phase: "start", key: "open" }],
};

test("counts that agree have no differences", () => {
  expect(differencesIn(AGREED)).toEqual([]);
});

test.for<[string, Partial<Counted>]>([
  ["an event that was never published", { events: 5 }],
  ["a confirmation that nobody counted", { pulled: [{ key: "pulled" }, { key: "open" }] }],
  ["a 200 that the vendor did not count", { pushed: AGREED.pushed.map(({ key }) => ({ key, isTaken: true })) }],
  ["a 200 that no worker counted", { workers: { handled: 3, taken: 0 } }],
  ["a success that no worker counted", { workers: { handled: 2, taken: 1 } }],
  ["a run of an event that nobody published", { runs: [...AGREED.runs, { phase: "start", key: "stranger" }] }],
])("%s is a difference", ([, changes]) => {
  expect(differencesIn({ ...AGREED, ...changes })).not.toEqual([]);
});

test("a worker may have counted a 200 that the vendor did not wait for", () => {
  expect(differencesIn({ ...AGREED, workers: { handled: 3, taken: 2 } })).toEqual([]);
});
