import { expect, test } from "vitest";
import { Recent } from "../../src/core/recent.ts";
import { pass, useFakeClock } from "../support/fake-clock.ts";

test("recent counts are summed by source and type", () => {
  useFakeClock();
  const recent = new Recent();

  recent.count("handled", { source: "a", type: "x" });
  recent.count("handled", { source: "a", type: "x" }, 2);
  recent.count("handled", { source: "b", type: "x" });
  recent.observe("confirm_ms", { source: "a" }, 300);
  recent.observe("confirm_ms", { source: "a" }, 500);

  expect(recent.of("handled")).toMatchObject([
    { source: "a", type: "x", count: 3 },
    { source: "b", type: "x", count: 1 },
  ]);
  expect(recent.of("confirm_ms")).toMatchObject([{ source: "a", count: 2, ms: 800 }]);
  expect(recent.of("parked")).toEqual([]);
});

test("recent counts are forgotten after five minutes, even if nothing is counted any more", async () => {
  useFakeClock();
  const recent = new Recent();
  recent.count("handled", { source: "a", type: "x" });
  await pass(150_000);
  recent.count("handled", { source: "a", type: "x" });

  await pass(149_000);
  expect(recent.of("handled")).toMatchObject([{ count: 2 }]);
  await pass(2_000);
  expect(recent.of("handled")).toMatchObject([{ count: 1 }]);
  await pass(150_000);
  expect(recent.of("handled")).toEqual([]);
});

test("an endless number of event types takes no more memory than a thousand", () => {
  useFakeClock();
  const recent = new Recent();

  for (let n = 0; n < 5_000; n++) recent.count("handled", { source: "a", type: `type-${n}` });

  expect(recent.of("handled")).toHaveLength(1_000);
});
