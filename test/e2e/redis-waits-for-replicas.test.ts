import { expect, test } from "vitest";
import { atEnd } from "../support/at-end.ts";
import { startRedisProcess } from "../support/redis-process.ts";
import { scripted } from "../support/scripted-events.ts";
import { until } from "../support/until.ts";
import { setupDoors } from "../support/worker-process.ts";
import { TENCENT } from "../support/world.ts";

test("with REDIS_WAIT_REPLICAS a callback gets its 200, and an event its confirmation, only after a replica has the write", async () => {
  const [primary, replica] = await Promise.all([
    startRedisProcess({ "repl-diskless-sync-delay": "0" }),
    startRedisProcess(),
  ]);
  atEnd(() => Promise.all([primary.close(), replica.close()]));
  const redis = { url: primary.url, prefix: "replicated" };
  const { doors, embed, runs } = await setupDoors({ "tencent-vod": TENCENT, "tencent-vod-push": {} }, { redis });
  const { simulator } = doors["tencent-vod"];
  const worker = await embed({ REDIS_WAIT_REPLICAS: "1" });
  const send = async (key: string) =>
    (await doors["tencent-vod-push"].send(scripted("tencent-vod", { key, script: {} }))).answers;

  simulator.publishBody(scripted("tencent-vod", { key: "pulled", script: {} }));
  const [first] = await send("pushed");
  await until("both are handled", () => runs().filter(({ phase }) => phase === "success").length === 2);
  await until("it says why", () => worker.text().includes("confirmation waits for Redis' replicas"));

  expect(first).toBe(503);
  expect(simulator.stats().confirmed).toBe(0);

  await replica.admin.replicaof("127.0.0.1", primary.port);
  await until("it is confirmed", () => simulator.stats().confirmed === 1);
  expect(await send("pushed later")).toEqual([200]);
  expect(runs().filter(({ phase }) => phase === "start")).toHaveLength(3);
});
