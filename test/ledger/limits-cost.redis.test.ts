import { createHash } from "node:crypto";
import { pino } from "pino";
import { expect, test } from "vitest";
import type { LimitsOf } from "../../src/core/limits.ts";
import { scriptText } from "../../src/ledger/scripts.ts";
import { createPushInbox } from "../../src/queue/push-inbox.ts";
import { delivery } from "../contracts/inbox-trial.ts";
import { commandsOf, type CountedRedis, countedRedis } from "../support/commands.ts";
import { inboxOnRedis, takeIn } from "../support/redis-inbox.ts";
import { sourceTerms } from "../support/source-terms.ts";

const source = sourceTerms();
const limits = { maxWaiting: 1_000, maxWaitingBytes: 1_000_000 };
const limited = { limits: { name: "limited", isOrdered: true, concurrency: 1 }, key: "k" };
const hashOf = (...script: Parameters<typeof scriptText>) =>
  createHash("sha1")
    .update(scriptText(...script))
    .digest("hex");

/** Counts the commands of one pulled event and one pushed event. */
async function setup({ redis, anyKeys }: CountedRedis, limitsOf: LimitsOf) {
  const keys = anyKeys();
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 15_000, callMs: 5_000 }, limitsOf });
  const log = pino({ level: "silent" });
  const pushInbox = createPushInbox({ redis, keys, attempts: 20, limits, limitsOf, log });
  const push = async (fingerprint: string) => {
    const event = { fingerprint, source: "loud", vendor: "loud", type: "Told", bodyJson: "{}" };
    return await pushInbox.push(event, 60_000, AbortSignal.timeout(10_000));
  };
  // Warms up first, so that one-time commands are not counted.
  await inbox.mark(await takeIn(inbox, source, delivery(source, "other")), true);
  await push("other");
  const sent = await inbox.turn(source, "pull");
  const one = delivery(source, "one");
  const accepted = await commandsOf(redis, () => inbox.accept(source, sent, [one]));
  const pushed = await commandsOf(redis, () => push("one"));
  await Promise.all([inbox.close(), pushInbox.close()]);
  return { accepted, pushed };
}

test("events of a handler without limits cost the same commands when another handler has limits", async () => {
  const counted = await countedRedis();
  const none = await setup(counted, () => undefined);
  const others = await setup(counted, ({ type }) => (type === "Other" ? limited : undefined));
  const own = await setup(counted, () => limited);

  expect(others).toEqual(none);
  expect(none.accepted).toMatchObject({ sent: ["evalsha"], scripts: [hashOf("source", "accept")] });
  expect(none.pushed.scripts[0]).toBe(hashOf("source", "push"));
  // Proves that the test can see a difference at all.
  expect(own.accepted).toMatchObject({ sent: ["evalsha"], scripts: [hashOf("gate", "accept")] });
  expect(own.pushed.scripts[0]).toBe(hashOf("gate", "push"));
  expect(own.accepted.inRedis.length).toBeGreaterThan(none.accepted.inRedis.length);
});
