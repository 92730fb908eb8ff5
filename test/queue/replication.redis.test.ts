import { once } from "node:events";
import { pino } from "pino";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { NotReplicatedError } from "../../src/core/errors.ts";
import { createKeys } from "../../src/ledger/keys.ts";
import { connect } from "../../src/queue/connection.ts";
import { createPushInbox } from "../../src/queue/push-inbox.ts";
import { createReplication } from "../../src/queue/replication.ts";
import { checkWaiting } from "../../src/queue/waiting-check.ts";
import { redisProgram } from "../support/redis-program.ts";
import { startRedisProcess } from "../support/redis-process.ts";
import { until } from "../support/until.ts";

const log = pino({ level: "silent" });
const keys = createKeys("replication");
const EVENT = { vendor: "v", source: "v", type: "Told", fingerprint: "one", bodyJson: "{}" };
const ON_DISK = { appendonly: "yes", appendfsync: "always" };
type Settings = Readonly<Record<string, string>>;

beforeAll(async () => void (await redisProgram("valkey")));

async function setup(ofPrimary: Settings = {}, ofReplica: Settings = {}, kind?: "valkey") {
  const [primary, replica] = await Promise.all([
    startRedisProcess({ "repl-diskless-sync-delay": "0", ...ofPrimary }, kind),
    startRedisProcess(ofReplica, kind),
  ]);
  onTestFinished(() => primary.close());
  onTestFinished(() => replica.close());
  const redis = connect({ place: { prefix: "test", url: primary.url }, name: "test", log, use: "push" });
  onTestFinished(() => redis.disconnect());
  await redis.connect();
  const limits = { maxWaiting: 100, maxWaitingBytes: 1_000_000 };
  const inbox = createPushInbox({ redis, keys, attempts: 3, limits, replicas: 1, log });
  const [info, warn] = [vi.spyOn(log, "info"), vi.spyOn(log, "warn")];
  return {
    redis,
    primary,
    replica,
    info,
    warn,
    push: () => inbox.push(EVENT, 60_000, AbortSignal.timeout(10_000)),
    replication: () => createReplication({ redis, keys, replicas: 1, log }),
    async check() {
      await redis.set(keys.shared.probe, "");
      return await checkWaiting(redis, 1);
    },
    async follow() {
      await replica.admin.replicaof("127.0.0.1", primary.port);
      await until("it follows", async () => (await primary.admin.info("replication")).includes("state=online"));
    },
  };
}

describe.each([
  ["in memory", {}, undefined],
  ["on disk", ON_DISK, "valkey" as const],
])("what replicas must have %s", (_what, settings, kind) => {
  test("a pushed event is accepted only after a replica has it", async () => {
    const { primary, replica, follow, push } = await setup(settings, settings, kind);
    await follow();
    const pid = Number(/^process_id:(\d+)/m.exec(await replica.admin.info("server"))?.[1]);
    const waiting = keys.keysOf(EVENT.source).queue("wait");
    let isTaken = false;

    process.kill(pid, "SIGSTOP");
    const taken = push().finally(() => (isTaken = true));
    await until("the primary has it", async () => (await primary.admin.llen(waiting)) === 1);
    const wasTakenBefore = isTaken;
    process.kill(pid, "SIGCONT");
    // a vendor whose call was refused tries again
    await taken.catch(() => push());

    expect(wasTakenBefore).toBe(false);
    expect(await replica.admin.lrange(waiting, 0, -1)).toHaveLength(1);
  });

  test("without its replica every try of a push is refused, until the replica is there", async () => {
    const { follow, push, check } = await setup(settings, settings, kind);

    await expect(push()).rejects.toThrow(NotReplicatedError);
    await expect(push()).rejects.toThrow("0 of 1 replicas have what was written");
    expect(await check()).toMatchObject([{ level: "error", code: "redis-not-replicated" }]);
    await follow();

    await until("a replica has it", async () => (await push().catch(() => "")) === "acknowledge");
  });

  test("a new connection proves nothing about the writes of an earlier one", async () => {
    const { redis, follow, replication, push } = await setup(settings, settings, kind);
    await follow();
    await until("a replica has it", async () => (await push().catch(() => "")) !== "");
    const { after } = replication();

    const asked = after(async () => {
      redis.disconnect(true);
      await once(redis, "ready");
    });

    await expect(asked).rejects.toThrow("Connection is closed");
    expect(await after(async () => "written")).toBe("written");
  });
});

test("an event that a replica has in memory only is refused where replicas keep files: a slow disk is no reason", async () => {
  const lazy = { appendonly: "yes", appendfsync: "everysec" };
  const { replica, follow, push, warn } = await setup(ON_DISK, lazy, "valkey");
  await follow();
  await until("its disk has all", async () => (await push().catch(() => "")) !== "");

  await replica.limitFiles(10);

  await expect(push()).rejects.toThrow("0 of 1 replicas have what was written on disk, 1 in memory");
  expect(warn).not.toHaveBeenCalled();
});

test("where all disks are asked, the log and the doctor say so", async () => {
  const { follow, push, info, check } = await setup(ON_DISK, ON_DISK, "valkey");
  await follow();
  await until("its disk has all", async () => (await push().catch(() => "")) !== "");

  expect(info).toHaveBeenCalledExactlyOnceWith(
    { replicas: 1 },
    "waits until Redis' replicas have it on disk (WAITAOF)",
  );
  expect(await check()).toEqual([
    { level: "ok", fact: "REDIS_WAIT_REPLICAS=1 waits for the disks of replicas (WAITAOF)" },
  ]);
});

test.each([
  ["the primary keeps no file", {}, ON_DISK, /^the primary keeps no append-only file$/],
  ["no replica keeps one", ON_DISK, {}, /^these replicas keep no append-only file: 127\.0\.0\.1:\d+$/],
  [
    "this Redis knows no WAITAOF",
    { ...ON_DISK, "rename-command": "WAITAOF ANOTHER-NAME" },
    ON_DISK,
    /^this Redis does not know WAITAOF$/,
  ],
])("where %s, memory counts, and the log and the doctor say why", async (_why, ofPrimary, ofReplica, why) => {
  const { follow, push, warn, check } = await setup(ofPrimary, ofReplica, "valkey");
  await follow();

  expect(await push()).toBe("add");
  expect(await push()).toBe("acknowledge");

  expect(warn).toHaveBeenCalledExactlyOnceWith(
    { replicas: 1, why: expect.stringMatching(why), fix: expect.any(String) },
    "waits until Redis' replicas have it in memory (WAIT), not on disk",
  );
  expect(await check()).toEqual([
    {
      level: "warn",
      fact: expect.stringMatching(
        new RegExp(`^REDIS_WAIT_REPLICAS=1 waits for the memory of replicas .*: ${why.source.slice(1)}`),
      ),
      fix: expect.any(String),
    },
  ]);
});

test("a user that may not ask by WAITAOF is told how to let it", async () => {
  const { redis, follow, push, check } = await setup(ON_DISK, ON_DISK, "valkey");
  await follow();
  await redis.call("ACL", "SETUSER", "default", "-waitaof");

  expect(await push()).toBe("add");
  expect(await check()).toMatchObject([{ level: "warn", fix: "give the user of REDIS_URL +waitaof" }]);
});
