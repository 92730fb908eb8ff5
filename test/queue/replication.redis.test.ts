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
  const redis = connect({ place: { prefix: "test", url: primary.url }, name: "test", log, use: "push" });
  onTestFinished(() => redis.disconnect());
  await redis.connect();
  const limits = { maxWaiting: 100, maxWaitingBytes: 1_000_000 };
  const inbox = createPushInbox({ redis, keys, attempts: 3, limits, replicas: 1, log });
  return {
    redis,
    primary: primary.admin,
    replica: replica.admin,
    push: () => inbox.push(EVENT, 60_000, AbortSignal.timeout(10_000)),
    async follow() {
      await replica.admin.replicaof("127.0.0.1", primary.port);
      await until("it follows", async () => (await primary.admin.info("replication")).includes("state=online"));
    },
  };
}

test("a pushed event is accepted only after a replica has it", async () => {
  const { primary, replica, follow, push } = await setup();
  await follow();
  const pid = Number(/^process_id:(\d+)/m.exec(await replica.info("server"))?.[1]);
  const waiting = keys.keysOf(EVENT.source).queue("wait");
  let isTaken = false;

  process.kill(pid, "SIGSTOP");
  const taken = push().finally(() => (isTaken = true));
  await until("the primary has it", async () => (await primary.llen(waiting)) === 1);
  const wasTakenBefore = isTaken;
  process.kill(pid, "SIGCONT");
  // a vendor whose call was refused tries again
  await taken.catch(() => push());

  expect(wasTakenBefore).toBe(false);
  expect(await replica.lrange(waiting, 0, -1)).toHaveLength(1);
});

test("without its replica every try of a push is refused, until the replica is there", async () => {
  const { follow, push } = await setup();

  await expect(push()).rejects.toThrow(NotReplicatedError);
  await expect(push()).rejects.toThrow("0 of 1 replicas have what was written");
  await follow();

  expect(await push()).toBe("acknowledge");
});

test("a new connection proves nothing about the writes of an earlier one", async () => {
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
