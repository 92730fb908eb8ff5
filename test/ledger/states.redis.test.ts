import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RECORD_STATES, PUSH_STATES } from "../../src/ledger/states.ts";
import { delivery } from "../contracts/inbox-trial.ts";
import { inboxOnRedis, pushInboxOnRedis, takeIn } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";
import { PROJECT } from "../support/process.ts";

const times = { graceMs: 15_000, callMs: 80 };
const source = sourceTerms();

test("a pulled event goes through every documented state, and its record has the documented fields", async () => {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times });
  const one = delivery(source, "f1");
  const own = keys.keysOf(source.name);
  const record = async () => await redis.hgetall(own.event(one.fingerprint));
  const event = await takeIn(inbox, source, one);
  const states = [(await record()).state];
  await inbox.extending(event);
  await inbox.mark(event, true);
  const { confirmation } = await inbox.mark(event, true);
  states.push((await record()).state);
  const isOver = (await inbox.turn(source, "pull")) + source.windowMs + 1_000;
  await inbox.quiet(source, { pull: "p", sent: isOver, isEmpty: true });
  const last = await record();
  if (confirmation) await inbox.settle(confirmation, "confirmed");
  const isConfirmed = (await redis.zscore(own.confirmed, one.fingerprint)) !== null;
  await inbox.close();
  expect([...states, ...(isConfirmed ? ["confirmed"] : [])]).toEqual(RECORD_STATES);
  expect(Object.keys(last).toSorted()).toEqual(fieldsOfTheTable());
});

test("a pushed event goes through every documented state", async () => {
  const { redis, keys } = setupRedis();
  const { ledger, accept, close } = inboxOnRedis({ redis, keys, times });
  const { steps } = pushInboxOnRedis({ redis, keys });
  const { receipt: _receipt, ...one } = delivery(source, "f1");
  const event = { id: "ev-1", fingerprint: one.fingerprint, source: source.name };
  const seen: (string | undefined)[] = [];
  const look = async () =>
    seen.push((await redis.get(keys.keysOf(source.name).push(one.fingerprint)))?.split(":").at(-1));
  await steps.reserve(event, 100, 60_000);
  await look();
  await steps.added(event);
  await look();
  await ledger.mark(event, true);
  await look();
  const pulled = { ...source, pushMemoryMs: 60_000 };
  const { now } = await ledger.turn("pull", 1_000);
  await accept(pulled, now, [{ ...one, receipt: "r1" }]);
  await look();
  await close();
  expect(seen).toEqual(PUSH_STATES);
});

function fieldsOfTheTable(): string[] {
  const text = readFileSync(join(PROJECT, "src/ledger/states.ts"), "utf8");
  const table = text.slice(text.indexOf("| field"), text.indexOf("**A pushed event**"));
  return [...table.matchAll(/^ \* \| `(\w+)`/gm)].map(([, field = ""]) => field).toSorted();
}
