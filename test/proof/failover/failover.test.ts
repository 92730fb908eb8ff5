import { expect, test } from "vitest";
import { runFailover } from "./failover.ts";
import { FAILOVER_ROWS } from "./rows.ts";

const SAMPLE = [
  "the primary is killed",
  "all sentinels are away for 5 s",
  "the primary of a cluster that has the source's shard is killed",
  "the primary is cut off together with the workers, and returns 5 s after it was replaced",
];
const rows = FAILOVER_ROWS.filter(({ name }) => SAMPLE.includes(name));

test.concurrent.for(rows)(
  "nothing is lost and nothing confirmed early while $name",
  { timeout: 240_000 },
  async (row, { signal }) => {
    const verdict = await runFailover(row, { events: 400, waitReplicas: 1 }, signal);

    expect(verdict).toMatchObject({ lostPulled: 0, lostPushed: 0, early: 0, confirmed: 200, differences: [] });
  },
);

test("the failover proof's sample is in its table", () => {
  expect(rows).toHaveLength(SAMPLE.length);
});
