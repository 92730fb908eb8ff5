import { expect, test } from "vitest";
import { atEnd } from "../support/at-end.ts";
import { runToEnd } from "../support/process.ts";
import { startRedisProcess } from "../support/redis-process.ts";
import { scripted } from "../support/scripted-events.ts";
import { until } from "../support/until.ts";
import { setupDoors } from "../support/worker-process.ts";
import { TENCENT } from "../support/world.ts";

const DURABLE = { appendonly: "yes", appendfsync: "always", "repl-diskless-sync-delay": "0" };

test(
  "on Valkey 8 events of both doors are handled after a replica has them on its disk",
  { timeout: 120_000 },
  async () => {
    const [primary, replica] = await Promise.all([
      startRedisProcess(DURABLE, "valkey"),
      startRedisProcess(DURABLE, "valkey"),
    ]);
    atEnd(() => Promise.all([primary.close(), replica.close()]));
    await replica.admin.replicaof("127.0.0.1", primary.port);
    await until("it follows", async () => (await primary.admin.info("replication")).includes("state=online"));
    const redis = { url: primary.url, prefix: "on-valkey" };
    const { doors, embed, env, folder, publish, runs, seen, phasesOf } = await setupDoors(
      { "tencent-vod": TENCENT, "tencent-vod-push": {} },
      { redis },
    );
    const worker = await embed({ REDIS_WAIT_REPLICAS: "1" });
    const send = async (key: string) =>
      await doors["tencent-vod-push"].send(scripted("tencent-vod", { key, script: {} }));

    publish("pulled", { failures: 1 }, "tencent-vod");
    const pushed = await send("pushed");
    await until("both are handled", () => ["pulled", "pushed"].every((key) => phasesOf(key).includes("success")));
    await until("it is confirmed", () => seen("pulled").confirmedAt !== undefined);
    const doctor = await runToEnd({ ...env, REDIS_WAIT_REPLICAS: "1" }, ["doctor"], folder);
    await replica.admin.replicaof("NO", "ONE");
    const [refused] = (await send("without its replica")).answers;

    expect(await primary.admin.info("server")).toMatch(/^valkey_version:8\./m);
    expect(pushed.delivered).toBe(true);
    expect(worker.text()).toContain("waits until Redis' replicas have it on disk (WAITAOF)");
    expect(doctor.text).toMatch(/ok +REDIS_WAIT_REPLICAS=1 waits for the disks of replicas \(WAITAOF\)/);
    expect(refused).toBe(503);
    expect(runs().filter(({ phase, key }) => phase === "success" && key === "pulled")).toHaveLength(1);
  },
);
