import { expect, test } from "vitest";
import { createGate } from "../../src/ledger/gate.ts";
import { limited, limitsBy } from "../contracts/gate-trial.ts";
import { delivery } from "../contracts/inbox-trial.ts";
import { commandsOf, countedRedis } from "../support/commands.ts";
import { inboxOnRedis } from "../support/redis-inbox.ts";
import { sourceTerms } from "../support/source-terms.ts";

const CROWD = 10_000;
const AT_ONCE = 500;
const ROUNDS = 5;
const OTHERS = 20;
/** No look becomes due during the test, even on a slow machine. */
const NEVER = { given: 3_600_000, taken: 3_600_000 };

const source = sourceTerms();
const limitsFor = limited({ concurrency: 4 }, true);

/** Runs events of other keys while `crowd` events wait for one key. Returns the fewest commands and the least time. */
async function beside(crowd: number) {
  const { redis, anyKeys } = await countedRedis();
  const keys = anyKeys();
  const times = { graceMs: 15_000, callMs: 5_000 };
  const limits = { limitsOf: limitsBy(limitsFor), mostHeld: 2 * CROWD };
  const inbox = inboxOnRedis({ redis, keys, times, ...limits });
  const gate = createGate(redis, keys, { lookAfterMs: NEVER });

  const comes = async (contents: readonly string[]) => {
    const deliveries = contents.map((content) => delivery(source, content));
    const { acceptances } = await inbox.accept(source, await inbox.turn(source, "pull"), deliveries);
    return deliveries.map(({ fingerprint, body }, index) => {
      const added = acceptances[index];
      if (added?.verdict !== "add") throw new Error(`not taken in: ${JSON.stringify(added)}`);
      return { limited: limitsFor(body), event: { id: added.id, fingerprint, source: source.name } };
    });
  };
  const run = async (contents: readonly string[]): Promise<void> => {
    for (const { limited: own, event } of await comes(contents)) {
      expect(await gate.enter(event, own, false)).toEqual({ kind: "go" });
      await inbox.mark(event, true);
      await gate.leave(event, own.limits, "done");
    }
  };

  for (const { event, limited: own } of await comes(["crowd:holds the key"])) await gate.enter(event, own, false);
  for (let n = 0; n < crowd; n += AT_ONCE)
    await comes(Array.from({ length: AT_ONCE }, (_, index) => `crowd:${n + index}`));
  await run(["first:of all"]);

  const commands = new Map<string, number>();
  const micros: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const contents = Array.from({ length: OTHERS }, (_, n) => `key ${n}:${round}`);
    const { inRedis } = await commandsOf(redis, async () => {
      await run(contents);
      expect(await gate.look(limitsFor({}).limits)).toEqual({ held: crowd, placed: 1 });
    });
    // A new minute costs one more command, so the smallest count is kept.
    for (const [, name = "", count] of inRedis.map((line) => line.split(/^(\w+) /)))
      commands.set(name, Math.min(commands.get(name) ?? Infinity, Number(count)));
    const [, spent = ""] = /^cmdstat_evalsha:calls=\d+,usec=(\d+)/m.exec(await redis.info("commandstats")) ?? [];
    micros.push(Number(spent) / OTHERS);
  }
  await inbox.close();
  return { commands, micros: Math.min(...micros) };
}

test("10,000 events that wait for one key cost other keys no extra command, and Redis no noticeable time", async () => {
  const alone = await beside(0);
  const crowded = await beside(CROWD);
  const [one, other] = [alone.micros.toFixed(0), crowded.micros.toFixed(0)];
  console.log(`an event takes ${one} us of Redis's time, and ${other} us beside ${CROWD} that wait for another key`);

  expect(crowded.commands).toEqual(alone.commands);
  expect(alone.micros).toBeGreaterThan(0);
  // A command that looked at every waiting event would take twenty times as long.
  expect(crowded.micros).toBeLessThan(4 * alone.micros);
}, 60_000);
