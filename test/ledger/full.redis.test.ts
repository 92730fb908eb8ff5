import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { createKeys } from "../../src/ledger/keys.ts";
import { createStepStore } from "../../src/ledger/steps.ts";
import { createSweep } from "../../src/ledger/sweep.ts";
import { again, delivery } from "../contracts/inbox-trial.ts";
import { inboxOnRedis, takeIn } from "../support/redis-inbox.ts";
import { keysUnder, startOwnRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";

const source = sourceTerms({ windowMs: 30_000 });

test("a Redis that refuses writes for want of memory still accepts every write that makes room", async () => {
  const { url, prefix } = await startOwnRedis();
  const [redis, keys] = [new Redis(url), createKeys(prefix)];
  onTestFinished(() => redis.disconnect());
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 15_000, callMs: 5_000 } });
  const [one, other] = [delivery(source, "one"), delivery(source, "other")];
  const sent = await inbox.turn(source, "pull");
  const event = await takeIn(inbox, source, one, sent);
  const steps = createStepStore(redis, keys);
  const step = { event, name: "charge", token: "t" };
  await redis.config("SET", "maxmemory", "1");

  expect(await steps.claim(step, 1), "what runs must come to its end").toEqual({ kind: "claimed" });
  expect(await steps.store(step, "1")).toBe("stored");
  expect(await inbox.ran(event, { lines: ["one"], progress: "50" })).toBe(false);
  expect((await inbox.place(source, 1)).isFree).toBe(true);
  const before = await keysUnder(redis, prefix);
  await expect(inbox.accept(source, sent, [other])).rejects.toThrow(/OOM/);
  expect(await keysUnder(redis, prefix), "neither record nor job").toEqual(before);
  expect(await inbox.queue.getWaitingCount()).toBe(1);
  const { stored, confirmation } = await inbox.mark(event, true, 1, { hasSteps: true, lines: ["two"] });
  expect(stored).toBe(true);
  expect(await redis.exists(keys.keysOf(source.name).steps(event.id))).toBe(0);
  await inbox.turn(source, "confirm");
  if (confirmation) await inbox.settle(confirmation, "confirmed");
  await inbox.quiet(source, { pull: "p", sent, isEmpty: true });
  await createSweep(redis, keys, 15_000)(source);

  const lists = keys.keysOf(source.name);
  expect(await redis.zscore(lists.confirmed, one.fingerprint)).not.toBeNull();
  expect(await redis.exists(lists.unconfirmed, lists.handled, lists.receipts)).toBe(0);
  await inbox.close();
});

test("a Redis that refuses writes for want of memory still renews receipts, old and new ones", async () => {
  const { url, prefix } = await startOwnRedis();
  const [redis, keys] = [new Redis(url), createKeys(prefix)];
  onTestFinished(() => redis.disconnect());
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 15_000, callMs: 5_000 } });
  const short = sourceTerms({ windowMs: 1 });
  const one = delivery(short, "one");
  await takeIn(inbox, short, one, await inbox.turn(short, "pull"));
  await redis.config("SET", "maxmemory", "1");

  for (const returned of [again(one), again(one, one.receipt)])
    await expect
      .poll(
        async () => (await inbox.accept(short, await inbox.turn(short, "pull"), [returned])).acceptances[0]?.verdict,
      )
      .toBe("renew");
  await inbox.close();
});
