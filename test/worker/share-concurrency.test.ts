import { expect, test } from "vitest";
import { shareConcurrency } from "../../src/worker/share-concurrency.ts";

const idle = { running: 0, places: 0 };
const sum = (places: readonly number[]) => places.reduce((all, one) => all + one, 0);

test("at the start all shards have the same concurrency, and a single shard has all of it", () => {
  expect(shareConcurrency(32, [idle])).toEqual([32]);
  expect(shareConcurrency(32, [idle, idle, idle])).toEqual([10, 11, 11]);
});

test("a shard that uses all of its places gets unused places of other shards, which keep some for new events", () => {
  const busy = { running: 10, places: 10 };

  expect(shareConcurrency(30, [busy, { running: 0, places: 10 }, { running: 1, places: 10 }])).toEqual([25, 2, 3]);
});

test("shards that all use their places move towards equal shares", () => {
  const [least, most] = [
    { running: 2, places: 2 },
    { running: 20, places: 20 },
  ];

  expect(shareConcurrency(32, [most, least, least])).toEqual([20, 6, 6]);
});

test("each shard has at least one place", () => {
  expect(shareConcurrency(1, [idle, idle, idle])).toEqual([1, 1, 1]);
});

test("the shares never exceed the concurrency, except for one place each and running events", () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const total = 1 + (seed % 40);
    const shards = [3, 5, 7].map((step) => ({ running: (seed * step) % 9, places: (seed * 2 * step) % 11 }));
    const places = shareConcurrency(total, shards);
    const least = shards.map(({ running }) => Math.max(1, running));

    expect(places.every((one, shard) => one >= (least[shard] ?? 1))).toBe(true);
    expect(sum(places)).toBe(Math.max(total, sum(least)));
  }
});
