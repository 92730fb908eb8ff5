import { expect, test, vi } from "vitest";
import { createKeys } from "../../src/ledger/keys.ts";
import { slotOf } from "../../src/queue/cluster-slot.ts";
import { shardTags } from "../../src/queue/shard-tags.ts";
import { events } from "../../src/cli/events/index.ts";
import { atEnd } from "../support/at-end.ts";
import { openEvents, press } from "../support/probes.ts";
import { runToEnd } from "../support/process.ts";
import { startRedisCluster } from "../support/redis-cluster.ts";
import { until } from "../support/until.ts";
import { setupDoors } from "../support/worker-process.ts";
import { TENCENT } from "../support/world.ts";

const PREFIX = "in-a-cluster";

test("on a Redis cluster the worker, the commands and the pages work as on one Redis, and no command spans slots", async () => {
  const cluster = await startRedisCluster();
  atEnd(() => cluster.close());
  const doors = { "tencent-vod": TENCENT, "tencent-vod-push": {} } as const;
  const { publish, embed, env, folder, phasesOf, runs, seen } = await setupDoors(doors, {
    redis: { url: cluster.url, prefix: PREFIX },
  });
  const owner = await cluster.ownerOf(PREFIX);
  const monitored = new Map<string, string[]>();
  for (const { admin } of cluster.nodes.slice(0, 3)) {
    const monitor = await admin.monitor();
    atEnd(async () => monitor.disconnect());
    monitor.on("monitor", (_time: string, words: string[]) => monitored.set(words.slice(0, 4).join(" "), words));
  }

  const worker = await embed({ REDIS_WAIT_REPLICAS: "1", HISTORY_EVENTS: "100" });
  publish("pulled", { failures: 1 });
  publish("charged", { charges: true });
  publish("pushed", {}, "tencent-vod-push");
  publish("discarded", { permanent: true });
  publish("replayed", { permanent: true });
  for (const key of ["pulled", "charged", "pushed"])
    await until(`${key} is handled`, () => phasesOf(key).includes("success"));
  await until("the pulled one is confirmed", () => seen("pulled").confirmedAt !== undefined);
  const parked = await vi.waitFor(async () => {
    const open = (await openEvents(worker)).filter(({ state }) => state === "parked");
    expect(open).toHaveLength(2);
    return open;
  });

  const doctor = await runToEnd(env, ["doctor"], folder);
  const replay = await runToEnd(env, ["replay", "--parked", "--dry-run"], folder);
  const printed = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await events({}, ["list", "--url", worker.pagesUrl]);
  const listed = printed.mock.calls.join("");
  printed.mockRestore();
  const board = await fetch(`${worker.pagesUrl}/dashboard/api/queues?activeQueue=events&status=failed&page=1`);
  const desk = await fetch(worker.pagesUrl);
  const ranBefore = runs().length;
  await press(worker, "discard", { id: parked[0]?.id ?? "", reason: "a test" });
  await press(worker, "retry", { id: parked[1]?.id ?? "" });
  await until("it is tried again", () => runs().length > ranBefore);
  const canary = { ...env, REDIS_URL: `redis://127.0.0.1:${cluster.nodes.find(({ id }) => id !== owner.id)?.port}` };
  const wrongNode = await runToEnd(canary, [], folder);

  expect(doctor.text).toMatch(/ok +our node of the cluster at 127\.0\.0\.1:\d+ answers in/);
  expect(doctor.text).toMatch(/ok +a cluster of 3 primaries and 3 replicas/);
  expect(doctor.text).toMatch(/ok +a replica follows it: .*appendfsync always/);
  expect(replay.text).toContain("2 of 2 events in");
  expect(listed).toContain(parked[0]?.id);
  expect(doctor.text).toMatch(/ok +the sources are spread over 3 shards: 0 on .*, 0 on .*, 1 on /);
  expect(await board.json()).toMatchObject({
    queues: [
      { name: "events", counts: { failed: 0 } },
      { name: "shard-2-events", counts: { failed: 0 } },
      { name: "shard-3-events", counts: { failed: 2 } },
    ],
  });
  expect(desk.status).toBe(200);
  expect(wrongNode).toMatchObject({ code: 2, text: expect.stringContaining("use redis+cluster://127.0.0.1:") });

  const tags = shardTags(PREFIX, 3).map((tag) => createKeys(tag).queue.prefix);
  const isOurs = (key: string): boolean => tags.some((tag) => key.startsWith(`${tag}:`));
  const named = await Promise.all([...monitored.values()].map((words) => keysIn(owner.admin, words)));
  expect(named.flat().length).toBeGreaterThan(50);
  expect(named.flat().filter((key) => !isOurs(key))).toEqual([]);
  expect(named.filter((keys) => new Set(keys.map(slotOf)).size > 1)).toEqual([]);
  for (const { admin } of cluster.nodes) expect((await admin.keys("*")).filter((key) => !isOurs(key))).toEqual([]);
});

/** The keys in a command. Empty if the command has none. */
async function keysIn(admin: { call(name: string, ...args: string[]): Promise<unknown> }, words: readonly string[]) {
  const keys = await admin.call("COMMAND", "GETKEYS", ...words).catch(() => []);
  return Array.isArray(keys) ? keys.map(String) : [];
}
