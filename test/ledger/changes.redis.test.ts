import type { Redis } from "ioredis";
import { expect, test } from "vitest";
import { sleep } from "../../src/core/sleep.ts";
import { RECORD_STATES, PUSH_STATES } from "../../src/ledger/states.ts";
import { delivery } from "../contracts/inbox-trial.ts";
import { inboxOnRedis, pushInboxOnRedis, takeIn } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";

const times = { windowMs: 100, graceMs: 1_000, callMs: 20 };
const source = sourceTerms({ windowMs: times.windowMs, pushMemoryMs: 60_000 });
const HOOK = "local function changed(src, fp, id, from, to, reason) end";
const NOTES = "local function changed(...) redis.call('RPUSH', KEYS[1] .. 'notes', table.concat({ ... }, '|')) end";

function setup() {
  const { redis, keys } = setupRedis();
  const noting = withHook(redis);
  const inbox = inboxOnRedis({ redis: noting, keys, times });
  const { steps } = pushInboxOnRedis({ redis: noting, keys });
  const one = delivery(source, "f1");
  const { fingerprint } = one;
  async function pull(again = one) {
    const { acceptances } = await inbox.accept(source, await inbox.turn(source, "pull"), [again]);
    return acceptances[0];
  }
  async function added() {
    return await takeIn(inbox, source, one);
  }
  /** The changes of this event in order, each as "from", "to" and "why". */
  async function notes(id: string) {
    const lines = await redis.lrange(`${keys.keysOf(source.name).scope[0]}notes`, 0, -1);
    const known = `${source.name}|${fingerprint}|${id}|`;
    expect(lines.filter((line) => !line.startsWith(known))).toEqual([]);
    return lines.map((line) => line.slice(known.length).split("|"));
  }
  return { inbox, steps, pull, added, notes, event: { id: "ev-pushed", fingerprint, source: source.name } };
}

test("each change of a pulled event is reported once, with its reason", async () => {
  const { inbox, pull, added, notes } = setup();
  const event = await added();
  await sleep(times.windowMs * 1.5);
  expect(await pull()).toMatchObject({ verdict: "renew" });
  const { confirmation } = await inbox.mark(event, true);
  await inbox.mark(event, true);
  if (confirmation) await inbox.settle(confirmation, "confirmed");
  if (confirmation) await inbox.settle(confirmation, "confirmed");
  expect(await notes(event.id)).toEqual([
    ["", "paired", "pulled"],
    ["", "pending", "pulled"],
    ["pending", "handled", "succeeded"],
    ["handled", "confirmed", "taken"],
  ]);
  await inbox.close();
});

test("giving an event up, and its staying away after a confirmation, are each reported once", async () => {
  const { inbox, added, notes } = setup();
  const event = await added();
  await inbox.mark(event, false);
  await expect
    .poll(async () => await inbox.quiet(source, { pull: "p", sent: await inbox.turn(source, "pull"), isEmpty: true }))
    .toBe(1);
  expect((await notes(event.id)).slice(2)).toEqual([
    ["pending", "handled", "given up"],
    ["handled", "confirmed", "stayed away"],
  ]);
  await inbox.close();
});

test("each change of a pushed event is reported once, whether or not it is pulled later", async () => {
  const { inbox, steps, pull, event, notes } = setup();
  await steps.reserve(event, 100, 60_000);
  await steps.added(event);
  await steps.added(event);
  await inbox.mark(event, true);
  expect(await pull()).toMatchObject({ verdict: "confirm" });
  const told = await notes(event.id);
  expect(told).toEqual([
    ["", "reserved", "called"],
    ["reserved", "queued", "added"],
    ["queued", "handled", "succeeded"],
    ["handled", "paired", "pulled"],
    ["", "pending", "pulled"],
    ["pending", "handled", "pushed"],
  ]);
  const known = new Set<string | undefined>(["", ...RECORD_STATES, ...PUSH_STATES]);
  expect(told.flatMap(([from, to]) => [from, to]).filter((state) => !known.has(state))).toEqual([]);
  await inbox.close();
});

/** A connection whose scripts record every change that the hook receives. */
function withHook(redis: Redis): Redis {
  const own: Readonly<Record<PropertyKey, unknown>> = {
    evalsha: () => Promise.reject(new Error("NOSCRIPT")),
    eval(text: string, keys: number, ...args: readonly (string | number)[]) {
      if (text.includes("eventKey") && text.split(HOOK).length !== 2)
        throw new Error("the hook does not read as it did");
      return redis.eval(text.replace(HOOK, NOTES), keys, ...args);
    },
  };
  return new Proxy(redis, { get: (target, name) => own[name] ?? Reflect.get(target, name, target) });
}
