import { expect, test } from "vitest";
import type { Left } from "../../src/core/inbox.ts";
import { createStepStore } from "../../src/ledger/steps.ts";
import { delivery } from "../contracts/inbox-trial.ts";
import { commandsOf, type CountedRedis, countedRedis } from "../support/commands.ts";
import { inboxOnRedis, takeIn } from "../support/redis-inbox.ts";
import { sourceTerms } from "../support/source-terms.ts";

const times = { graceMs: 15_000, callMs: 5_000 };
const source = sourceTerms();

/** Counts the commands of a failed attempt and of a successful one after it. */
async function setup({ redis, anyKeys }: CountedRedis, left: Left) {
  const keys = anyKeys();
  const inbox = inboxOnRedis({ redis, keys, times });
  const steps = createStepStore(redis, keys);
  // Warms up first, so that one-time commands are not counted.
  await inbox.ran(await takeIn(inbox, source, delivery(source, "other")), { progress: "1" });
  await inbox.mark(await takeIn(inbox, source, delivery(source, "another")), true);
  const event = await takeIn(inbox, source, delivery(source, `event ${JSON.stringify(left)}`));
  if (left.hasSteps) await steps.claim({ event, name: "one", token: "t" }, 1);
  const failed = await commandsOf(redis, () => inbox.ran(event, left));
  const succeeded = await commandsOf(redis, () => inbox.mark(event, true, 1, left));
  await inbox.close();
  return { failed, succeeded };
}

test("the log lines and progress of an attempt cost no extra command", async () => {
  const counted = await countedRedis();
  const plain = await setup(counted, {});
  expect(plain.failed.sent).toEqual(["hget"]);
  expect(plain.succeeded.sent).toEqual(["evalsha"]);
  const own = /^(?:rpush|lrange|ltrim|del|hdel) /;
  expect(plain.succeeded.inRedis.filter((call) => own.test(call))).toEqual([]);

  const full = await setup(counted, { hasSteps: true, lines: ["one"], progress: "50" });
  expect(full.failed.sent).toEqual(["evalsha"]);
  expect(full.succeeded.sent).toEqual(["evalsha"]);
  expect(full.succeeded.inRedis.filter((call) => own.test(call))).toEqual([
    "del 1",
    "hdel 1",
    "lrange 1",
    "ltrim 1",
    "rpush 1",
  ]);
});
