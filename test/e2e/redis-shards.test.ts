import { expect, test, vi } from "vitest";
import { z } from "zod";
import { sleep } from "../../src/core/sleep.ts";
import { createKeys } from "../../src/ledger/keys.ts";
import { scripted } from "../support/scripted-events.ts";
import { atEnd } from "../support/at-end.ts";
import { openEvents, press, retryAllGroups } from "../support/probes.ts";
import { runToEnd } from "../support/process.ts";
import { type RedisCluster, startRedisCluster } from "../support/redis-cluster.ts";
import { until } from "../support/until.ts";
import { setupDoors } from "../support/worker-process.ts";
import { TENCENT } from "../support/world.ts";

const PREFIX = "over-shards";
const PRIMARIES = 3;
const APPLICATIONS = [1500000001, 1500000002];
/** With those of the other doors, six sources: four are pulled, two are pushed. */
const DOORS = {
  "tencent-vod": { ...TENCENT, subAppIds: APPLICATIONS },
  "alibaba-mns": {},
  "alibaba-vod": {},
  zegocloud: { encoding: "percent" },
  "aws-sqs": {},
} as const;
const OTHERS = ["alibaba-mns", "alibaba-vod", "zegocloud", "aws-sqs"] as const;
const PAUSE_MS = 20;
/** Longer than a pull of the queues may take. */
const GRACE = { CONFIRM_GRACE_MS: "15000" };
const PULLED = / [0125]$/;
const EACH = 60;
const MOST = 0.45;
const Events = z.object({ events: z.array(z.object({ source: z.string() })) });

async function setup() {
  const cluster = await startRedisCluster({ primaries: PRIMARIES, replicas: 0 });
  atEnd(() => cluster.close());
  const world = await setupDoors(DOORS, { redis: { url: cluster.url, prefix: PREFIX } });
  const { simulator } = world.doors["tencent-vod"];
  const keys = createKeys(PREFIX);
  const ofSecond = new Map<string, string>();

  return {
    ...world,
    cluster,
    /** When the vendor of a pulled event was told that it is taken. */
    confirmedAt: (key: string): number =>
      (ofSecond.has(key) ? simulator.find(ofSecond.get(key) ?? "") : world.seen(key))?.confirmedAt ?? 0,
    /** One event for each of the six sources. Resolves with their keys. */
    publishToEach(name: string, script = {}): readonly string[] {
      const [, second = 0] = APPLICATIONS;
      world.publish(`${name} 0`, script, "tencent-vod");
      const body = scripted("tencent-vod", { key: `${name} 1`, script });
      ofSecond.set(`${name} 1`, simulator.publishBody(body, { subAppId: second })[0] ?? "");
      for (const [n, door] of OTHERS.entries()) world.publish(`${name} ${n + 2}`, script, door);
      return Array.from({ length: 6 }, (_, n) => `${name} ${n}`);
    },
    async places() {
      const owner = await cluster.ownerOf(PREFIX);
      const { count, ...places } = await owner.admin.hgetall(keys.shared.shards);
      return { count, places: Object.values(places).toSorted() };
    },
  };
}

/** How many commands each primary has served since its start. */
async function served({ nodes }: RedisCluster): Promise<readonly number[]> {
  return await Promise.all(
    nodes.slice(0, PRIMARIES).map(async ({ admin }) => {
      return Number(/total_commands_processed:(\d+)/.exec(await admin.info("stats"))?.[1]);
    }),
  );
}

test(
  "six sources spread over three primaries, and none serves more than 45 % of the commands",
  { timeout: 180_000 },
  async () => {
    const { cluster, embed, publishToEach, places, runs, confirmedAt, fleet } = await setup();
    await embed({ CONCURRENCY: "12", ...GRACE });
    expect(await places()).toEqual({ count: "3", places: ["0", "0", "1", "1", "2", "2"] });
    const before = await served(cluster);

    const published: string[] = [];
    for (let n = 0; n < EACH; n += 1) {
      published.push(...publishToEach(`event ${n}`));
      await sleep(PAUSE_MS);
    }
    const successes = () => new Map(runs().flatMap(({ phase, key, at }) => (phase === "success" ? [[key, at]] : [])));
    await until("all are handled", () => successes().size === published.length, { timeoutMs: 60_000 });
    await until("all are confirmed", () => fleet.counts().unconfirmed === 0, { timeoutMs: 60_000 });
    const after = await served(cluster);

    const counts = after.map((count, primary) => count - (before[primary] ?? 0));
    const all = counts.reduce((sum, count) => sum + count, 0);
    console.info(`commands per primary: ${counts.map((count) => `${((100 * count) / all).toFixed(1)} %`).join(", ")}`);
    expect(Math.max(...counts) / all).toBeLessThan(MOST);
    const at = successes();
    expect([...at.keys()].toSorted()).toEqual(published.toSorted());
    for (const key of published.filter((one) => PULLED.test(one)))
      expect(confirmedAt(key), key).toBeGreaterThanOrEqual(at.get(key) ?? Infinity);
  },
);

test("the desk's actions work on events of all shards", async () => {
  const { embed, env, folder, publishToEach, phasesOf, runs } = await setup();
  const worker = await embed({ HISTORY_EVENTS: "100", ...GRACE });
  const parked = publishToEach("parked", { permanent: true });
  const handled = publishToEach("handled", { failures: 1 });
  for (const key of handled) await until(`${key} is handled`, () => phasesOf(key).includes("success"));
  const ids = await vi.waitFor(async () => {
    const open = (await openEvents(worker)).filter(({ state }) => state === "parked");
    expect(open).toHaveLength(parked.length);
    return open.map(({ id }) => id);
  });

  const doctor = await runToEnd(env, ["doctor"], folder);
  const replay = await runToEnd(env, ["replay", "--parked", "--dry-run"], folder);
  const listed = await runToEnd(env, ["events", "list", "--url", worker.pagesUrl, "state:parked"], folder);
  const history = await vi.waitFor(async () => {
    const answer = await fetch(`${worker.pagesUrl}/api/events?search=state:confirmed&limit=50`);
    const found = Events.parse(await answer.json()).events;
    expect(found).toHaveLength(handled.length);
    return found;
  });
  const pages = await Promise.all(ids.map((id) => fetch(`${worker.pagesUrl}/events/${id}`)));
  const boards = await Promise.all(
    pages.map(async (page) => /href="(\/dashboard\/queue\/[^"]+)"/.exec(await page.text())?.[1]),
  );
  const ranBefore = runs().length;
  await press(worker, "discard", { id: ids[0] ?? "", reason: "a test" });
  await retryAllGroups(worker);
  await until("the others are tried again", () => runs().length >= ranBefore + 2 * (parked.length - 1));

  expect(doctor.text).toMatch(/ok +the sources are spread over 3 shards: 2 on .*, 2 on .*, 2 on /);
  expect(replay.text).toContain("6 of 6 events in");
  for (const id of ids) expect(listed.text).toContain(id);
  expect(new Set(history.map(({ source }) => source)).size).toBe(6);
  expect(new Set(boards.map((board) => board?.split("/")[3]))).toEqual(
    new Set(["events", "shard-2-events", "shard-3-events"]),
  );
});
