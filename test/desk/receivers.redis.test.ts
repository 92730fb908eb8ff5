import { expect, onTestFinished, test } from "vitest";
import { createReceiverCounts } from "../../src/desk/receivers.ts";
import { createWaitingPushes } from "../../src/ledger/waiting-pushes.ts";
import { inboxOnRedis, pushInboxOnRedis, workerByHand } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";

test("the desk shows for each receiver of callbacks how many events are open and since when, until they are handled", async () => {
  const { redis, keys } = setupRedis();
  const pushInbox = pushInboxOnRedis({ redis, keys });
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 15_000, callMs: 5_000 } });
  onTestFinished(() => inbox.close());
  const { next } = workerByHand({ redis, keys });
  const counts = createReceiverCounts({ redis, keys, receivers: ["alibaba-vod", "zegocloud"] });
  const before = Date.now();
  for (const [source, name] of [
    ["zegocloud", "a"],
    ["zegocloud", "b"],
    ["tencent-vod/1500000001", "c"],
  ] as const) {
    const event = { vendor: "any", source, type: "Any", fingerprint: name, bodyJson: "{}" };
    await pushInbox.push(event, 60_000, AbortSignal.timeout(10_000));
  }

  const found = await counts();
  expect(found).toEqual([
    { source: "alibaba-vod", open: 0 },
    { source: "zegocloud", open: 2, oldestAt: expect.any(String) },
    { source: "tencent-vod/1500000001", open: 1, oldestAt: expect.any(String) },
  ]);
  expect(Math.abs(Date.parse(found[1]?.oldestAt ?? "") - before)).toBeLessThan(10_000);

  // A sweep must not treat an event as gone because of its source's name.
  await createWaitingPushes(redis, keys, [""]).sweep();
  const job = await next();
  await inbox.mark({ id: job.id ?? "", ...job.data }, true);
  expect((await counts()).map(({ open }) => open)).toEqual([0, 1, 1]);
});
