import { expect, test } from "vitest";
import { slotOf } from "../../src/queue/cluster-slot.ts";
import { shardTags } from "../../src/queue/shard-tags.ts";

const SLOTS = 16_384;

test("a single shard uses the queue prefix itself as its hash tag", () => {
  expect(shardTags("video", 1)).toEqual(["video"]);
});

test.each(["reliable-callback", "video", "a", "in-a-cluster", "failover"])(
  "the shards of %s spread over all primaries, if these share the slots evenly",
  (prefix) => {
    for (const count of [2, 3, 5, 16]) {
      const tags = shardTags(prefix, count);
      const primaries = tags.map((tag) => Math.floor((slotOf(`{${tag}}`) * count) / SLOTS));

      expect(tags[0]).toBe(prefix);
      expect(new Set(primaries).size, `${count} primaries`).toBe(count);
      expect(shardTags(prefix, count)).toEqual(tags);
    }
  },
);
