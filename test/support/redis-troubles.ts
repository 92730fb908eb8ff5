/** Troubles of Redis, with functions that cause and repair them. docs/reliability.md lists each `name`. */
import type { Redis } from "ioredis";
import type { RedisTroubleCode } from "../../src/core/redis-trouble.ts";
import { createKeys } from "../../src/ledger/keys.ts";
import type { RedisProcess } from "./redis-process.ts";
import { until } from "./until.ts";

export type RedisTroubleRow = {
  readonly name: string;
  readonly code: RedisTroubleCode;
  readonly settings?: Readonly<Record<string, string>> | undefined;
  begin(redis: RedisProcess, another: () => Promise<RedisProcess>): Promise<unknown>;
  end(redis: RedisProcess): Promise<unknown>;
};

export const PREFIX = "troubles";

/** Sends once without waiting, and does not resend when the connection breaks. */
function sendOnce(admin: Redis, send: (other: Redis) => Promise<unknown>): void {
  const other = admin.duplicate({ retryStrategy: () => null });
  other.on("error", () => {});
  send(other).catch(() => other.disconnect());
}

const kick = (redis: RedisProcess) => redis.admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
const slot = async (redis: RedisProcess) =>
  String(await redis.admin.cluster("KEYSLOT", createKeys(PREFIX).shared.probe));

export const REDIS_TROUBLES: readonly RedisTroubleRow[] = [
  {
    name: "Redis is full",
    code: "redis-full",
    begin: ({ admin }) => admin.config("SET", "maxmemory", "1"),
    end: ({ admin }) => admin.config("SET", "maxmemory", "0"),
  },
  {
    name: "the disk is full, snapshots fail",
    code: "redis-cannot-save",
    settings: { save: "3600 1000000" },
    async begin({ admin, limitFiles }) {
      await limitFiles(10);
      await admin.bgsave();
    },
    async end({ admin, limitFiles }) {
      await limitFiles("unlimited");
      await admin.bgsave();
    },
  },
  {
    name: "the disk is full, the append-only file cannot be written",
    code: "redis-cannot-save",
    settings: { appendonly: "yes" },
    begin: ({ limitFiles }) => limitFiles(10),
    end: ({ limitFiles }) => limitFiles("unlimited"),
  },
  {
    name: "the disk is full with appendfsync always: Redis ends itself",
    code: "redis-away",
    settings: { appendonly: "yes", appendfsync: "always" },
    async begin({ limitFiles, ended }) {
      await limitFiles(10);
      await ended();
    },
    end: async ({ restart }) => restart(),
  },
  {
    name: "Redis loads its data",
    code: "redis-loading",
    async begin({ admin, ended, restart }) {
      await admin.call("DEBUG", "POPULATE", "4000", "filler", "200");
      sendOnce(admin, (other) => other.shutdown("SAVE"));
      await ended();
      restart({ "key-load-delay": "5000", "loading-process-events-interval-bytes": "1024" });
    },
    end: ({ admin }) => admin.config("SET", "key-load-delay", "0"),
  },
  {
    name: "Redis became a replica",
    code: "redis-read-only",
    begin: ({ admin }) => admin.replicaof("127.0.0.1", 1),
    end: ({ admin }) => admin.replicaof("NO", "ONE"),
  },
  {
    name: "Redis lacks its replicas",
    code: "redis-lacks-replicas",
    begin: ({ admin }) => admin.config("SET", "min-replicas-to-write", "1"),
    end: ({ admin }) => admin.config("SET", "min-replicas-to-write", "0"),
  },
  {
    name: "no node of the cluster serves our slot",
    code: "redis-cluster-down",
    settings: { "cluster-enabled": "yes" },
    begin: async (redis) => redis.admin.call("CLUSTER", "DELSLOTS", await slot(redis)),
    end: async (redis) => redis.admin.call("CLUSTER", "ADDSLOTS", await slot(redis)),
  },
  {
    name: "the cluster moves our slot",
    code: "redis-cluster-down",
    settings: { "cluster-enabled": "yes" },
    async begin(redis, another) {
      const { admin, port, busPort } = await another();
      await redis.admin.call("CLUSTER", "MEET", "127.0.0.1", String(port), String(busPort));
      const id = String(await admin.call("CLUSTER", "MYID"));
      await until("they know each other", async () =>
        String(await redis.admin.cluster("NODES")).includes(`${id} 127.`),
      );
      await redis.admin.call("CLUSTER", "SETSLOT", await slot(redis), "MIGRATING", id);
    },
    end: async (redis) => redis.admin.call("CLUSTER", "SETSLOT", await slot(redis), "STABLE"),
  },
  {
    name: "the password was changed",
    code: "redis-no-access",
    async begin(redis) {
      await redis.admin.config("SET", "requirepass", "another");
      await kick(redis);
    },
    end: ({ admin }) => admin.config("SET", "requirepass", ""),
  },
  {
    name: "a script does not end",
    code: "redis-busy",
    settings: { "busy-reply-threshold": "100" },
    async begin({ admin }) {
      sendOnce(admin, (other) => other.eval("while true do end", 0));
      await until("it is busy", async () => (await admin.ping().catch(String)).includes("BUSY"));
    },
    end: ({ admin }) => admin.script("KILL"),
  },
  {
    name: "Redis takes no more connections",
    code: "redis-no-connections",
    async begin(redis) {
      await redis.admin.config("SET", "maxclients", "1");
      await kick(redis);
    },
    end: ({ admin }) => admin.config("SET", "maxclients", "1000"),
  },
];
