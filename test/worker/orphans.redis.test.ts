import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { createReplicas } from "../../src/ledger/replicas.ts";
import { createSweep } from "../../src/ledger/sweep.ts";
import { createOrphans } from "../../src/worker/orphans.ts";
import { delivery } from "../contracts/inbox-trial.ts";
import { inboxOnRedis } from "../support/redis-inbox.ts";
import { keysUnder, setupRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";

const times = { graceMs: 15_000, callMs: 20 };
const source = sourceTerms({ name: "tencent-vod/old" });
const beat = { name: "x", version: "0.1.0", roles: [], running: 0, upMs: 0, state: "ready" as const, problems: [] };

async function setup() {
  const { redis, keys, prefix } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times });
  onTestFinished(() => inbox.close());
  const replicas = createReplicas(redis, keys, 15_000);
  const lines: string[] = [];
  const own = keys.keysOf(source.name);
  const orphans = createOrphans({
    operator: {
      knownSources: async () => await redis.smembers(keys.shared.sources),
      counts: async () => ({
        unconfirmed: await redis.zcard(own.unconfirmed),
        handled: 0,
        forgotten: await redis.zcard(own.forgotten),
      }),
    },
    replicas,
    sweep: createSweep(redis, keys, times.graceMs),
    configured: ["tencent-vod/new"],
    log: pino({ level: "info" }, { write: (line: string) => void lines.push(line) }),
  });
  const one = delivery(source, "f1");
  await redis.sadd(keys.shared.sources, source.name, "tencent-vod/new");
  await inbox.accept(source, await inbox.turn(source, "pull"), [one]);
  const isKnown = async () => (await redis.sismember(keys.shared.sources, source.name)) === 1;
  const keysLeft = async () => (await keysUnder(redis, prefix)).filter((key) => key.endsWith(source.name)).toSorted();
  /** Removes the event as if its time were over. */
  const expire = async () => await redis.del(own.event(one.fingerprint));
  return { orphans, replicas, lines, isKnown, keysLeft, expire };
}

test("a removed source is reported once while it has events, and its keys are deleted afterwards", async () => {
  const { orphans, lines, isKnown, keysLeft, expire } = await setup();
  await orphans.look();
  await orphans.look();
  expect(lines).toEqual([
    expect.stringMatching(/"unconfirmed":1,"forgotten":0,"fix":"configure it again .*no longer configured/),
  ]);
  expect(await isKnown()).toBe(true);
  await expire();
  await orphans.look();
  expect(lines.slice(1)).toEqual([expect.stringContaining("nothing is left of a source")]);
  expect(await isKnown()).toBe(false);
  expect(await keysLeft()).toEqual([]);
});

test("a source that another running replica has configured is left alone", async () => {
  const { orphans, replicas, lines, isKnown, keysLeft, expire } = await setup();
  await replicas.beat({ ...beat, sources: [source.name] });
  const before = await keysLeft();
  await expire();
  await orphans.look();
  expect(await replicas.drop(source.name)).toBe(false);
  expect(lines).toEqual([]);
  expect(await isKnown()).toBe(true);
  expect(await keysLeft()).toEqual(before);
  await replicas.leave();
  await orphans.look();
  expect(await isKnown()).toBe(false);
});
