import { once } from "node:events";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { NotReplicatedError } from "../../src/core/errors.ts";
import { createKeys } from "../../src/ledger/keys.ts";
import { connect } from "../../src/queue/connection.ts";
import { createPushInbox } from "../../src/queue/push-inbox.ts";
import { createReplication } from "../../src/queue/replication.ts";
import { startRedisProcess } from "../support/redis-process.ts";
import { until } from "../support/until.ts";

const log = pino({ level: "silent" });
const keys = createKeys("replication");
const EVENT = { vendor: "v", source: "v", type: "Told", fingerprint: "one", bodyJson: "{}" };

async function setup() {
  const [primary, replica] = await Promise.all([
    startRedisProcess({ "repl-diskless-sync-delay": "0" }),
    startRedisProcess(),
  ]);
  onTestFinished(() => primary.close());
  onTestFinished(() => replica.close());
  const redis = connect({ place: { url: primary.url }, name: "test", log, use: "push" });
  onTestFinished(() => redis.disconnect());
  await redis.connect();
  const limits = { maxWaiting: 100, maxWaitingBytes: 1_000_000 };
  const inbox = createPushInbox({ redis, keys, attempts: 3, limits, replicas: 1, log });
  return {
    redis,
    replica: replica.admin,
    push: () => inbox.push(EVENT, 60_000, AbortSignal.timeout(10_000)),
    async follow() {
      await replica.admin.replicaof("127.0.0.1", primary.port);
      await until("it follows", async () => (await primary.admin.info("replication")).includes("state=online"));
    },
  };
}

test("a pushed event is taken when a replica has it, and not before", async () => {
  const { replica, follow, push } = await setup();
  await follow();
  let isTaken = false;

  const held = replica.call("DEBUG", "SLEEP", "0.6");
  const taken = push().finally(() => (isTaken = true));
  const wasTakenBefore = held.then(() => isTaken);
  await taken;

  expect(await wasTakenBefore).toBe(false);
  expect(await replica.lrange(keys.keysOf(EVENT.source).queue("wait"), 0, -1)).toHaveLength(1);
});

test("without its replica it is refused, as often as the vendor tries, until that is there", async () => {
  const { follow, push } = await setup();

  await expect(push()).rejects.toThrow(NotReplicatedError);
  await expect(push()).rejects.toThrow("0 of 1 replicas have what was written");
  await follow();

  expect(await push()).toBe("acknowledge");
});

test("a connection that was replaced meanwhile says nothing of what was written before", async () => {
  const { redis, follow } = await setup();
  await follow();
  const { after } = createReplication(redis, keys, 1);

  const asked = after(async () => {
    redis.disconnect(true);
    await once(redis, "ready");
  });

  await expect(asked).rejects.toThrow("Connection is closed");
  expect(await after(async () => "written")).toBe("written");
});
