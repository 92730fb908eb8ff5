/** The troubles of the night, in order. */
import type { ProblemCode } from "../../../src/core/problems.ts";
import { usedMemory } from "../../support/redis.ts";
import { REDIS_TROUBLES } from "../../support/redis-troubles.ts";
import { metric, replicas } from "../../support/probes.ts";
import { until } from "../../support/until.ts";
import type { Stage } from "./stage.ts";

export type NightTrouble = {
  readonly name: string;
  /** The problem that every place must report. Left out if none may report one. */
  readonly code?: ProblemCode;
  begin(stage: Stage): Promise<unknown>;
  /** Called again and again until the problem is reported. */
  meanwhile?(stage: Stage, turn: number): unknown;
  /** The operator's action, or the event that ends the trouble by itself. */
  readonly remedy: string;
  end(stage: Stage): Promise<unknown>;
  /** How long the problem is still reported after its end. */
  readonly lingers?: string;
};

/** Shorter than the timeout of the Redis client, so that the worker notices the dead connection first. */
const PATIENCE_MS = 5_000;
const ENOUGH_FAILED = 6;
const DAY_MS = 86_400_000;

export const TROUBLES: readonly NightTrouble[] = [
  {
    name: "Redis is nearly full",
    code: "redis-full",
    async begin({ redis: { admin } }) {
      await admin.config("SET", "maxmemory", String(Math.round((await usedMemory(admin)) / 0.9)));
    },
    remedy: "`maxmemory` was raised",
    end: ({ redis: { admin } }) => admin.config("SET", "maxmemory", "0"),
  },
  ofRedis("Redis is full", { name: "Redis is full", remedy: "`maxmemory` was raised" }),
  {
    ...ofRedis("the disk is full, the append-only file cannot be written", {
      name: "Redis cannot write to its disk",
      remedy: "room was made on the disk",
    }),
    async begin(stage) {
      // With `appendfsync always`, a Redis that cannot write ends itself.
      await stage.redis.admin.config("SET", "appendfsync", "everysec");
      await stage.redis.limitFiles(10);
    },
    async end({ redis }) {
      await redis.limitFiles("unlimited");
      await until("it writes again", async () =>
        (await redis.admin.info("persistence")).includes("aof_last_write_status:ok"),
      );
      await redis.admin.config("SET", "appendfsync", "always");
    },
  },
  {
    name: "Redis is stopped",
    code: "redis-away",
    begin: ({ shutDown }) => shutDown(),
    remedy: "it was started",
    end: async ({ redis }) => redis.restart(),
  },
  {
    name: "Redis loads its data for long",
    code: "redis-loading",
    async begin({ redis, shutDown }) {
      await shutDown();
      redis.restart({ "key-load-delay": "400", "loading-process-events-interval-bytes": "1024" });
    },
    remedy: "it had loaded",
    end: ({ redis: { admin } }) => admin.config("SET", "key-load-delay", "0"),
  },
  ofRedis("Redis became a replica", { name: "Redis becomes a replica", remedy: "it was promoted" }),
  ofRedis("a script does not end", { name: "A script without end runs in Redis", remedy: "`SCRIPT KILL`" }),
  ofRedis("Redis takes no more connections", {
    name: "Redis takes no more connections",
    remedy: "`maxclients` was raised",
  }),
  ofRedis("the password was changed", { name: "Redis gets another password", remedy: "it got the old one" }),
  {
    name: "The network to Redis loses every packet, connections stay open",
    code: "redis-away",
    begin: async ({ line }) => line.fallSilent(),
    remedy: "the network was mended",
    end: async ({ line }) => line.cut(),
  },
  {
    name: "The queue's worker waits on a dead connection",
    code: "worker-rebuilt",
    async begin({ startImpatientWorker, line }) {
      await startImpatientWorker(PATIENCE_MS);
      const last = line.opened();
      line.fallSilent(({ number, waits }) => waits && number <= last);
    },
    remedy: "by itself, with new connections (here after 5 s, else after 15)",
    end: async () => {},
    lingers: "told for 10 minutes",
  },
  {
    name: "Redis comes back with an older snapshot",
    code: "redis-data-lost",
    async begin({ startWorker, place, restoreSnapshot }) {
      await startWorker();
      // The worker can only notice older data after it has sent a heartbeat.
      await until("it has sent a heartbeat", async () => (await replicas(place().worker)).length > 0);
      await restoreSnapshot();
    },
    remedy: "by itself: the vendor delivers again what is missing",
    end: async () => {},
    lingers: "told for an hour",
  },
  {
    name: "The vendor knows the key no more",
    code: "pull-failing",
    begin: async ({ world }) =>
      world.simulator.faults.inject({
        kind: "error",
        code: "AuthFailure.SecretIdNotFound",
        message: "The SecretId is not found.",
        probability: 1,
      }),
    remedy: "the key was enabled again",
    end: async ({ world }) => world.simulator.faults.clear(),
  },
  {
    name: "Somebody pauses the queue",
    code: "queue-paused",
    begin: ({ onQueue }) => onQueue("pause"),
    remedy: "resumed on the dashboard",
    end: ({ onQueue }) => onQueue("resume"),
  },
  {
    name: "A parked event is three and a half days old",
    code: "events-expiring",
    async begin({ redis: { admin }, keys: { unconfirmed } }) {
      const [oldest = ""] = await admin.zrange(unconfirmed, "0", "0");
      await admin.zincrby(unconfirmed, -3.5 * DAY_MS, oldest);
    },
    remedy: "discarded on the desk",
    end: ({ discardOldest }) => discardOldest(),
  },
  {
    name: "One pull in ten fails",
    async begin({ world, place }) {
      world.simulator.faults.inject({ action: "PullEvents", kind: "http-500", probability: 0.1 });
      const failed = async (): Promise<number> =>
        (await metric(place().worker, 'calls_total{source="tencent-vod",action="pull",outcome="outage"}')) ?? 0;
      const atFirst = await failed();
      let turn = 0;
      const some = async (): Promise<boolean> => {
        world.publish(`while pulls fail ${turn++}`);
        return (await failed()) - atFirst >= ENOUGH_FAILED;
      };
      await until("pulls have failed", some, { timeoutMs: 120_000, pauseMs: 100 });
    },
    remedy: "nobody had to do anything",
    end: async ({ world }) => world.simulator.faults.clear(),
  },
  {
    name: "A confirmation takes 4 s longer",
    code: "vendor-slow",
    begin: async ({ world }) =>
      world.simulator.faults.inject({ action: "ConfirmEvents", kind: "latency", ms: 4_000, probability: 1 }),
    meanwhile: ({ world }, turn) => world.publish(`while it is slow ${turn}`),
    remedy: "the vendor recovered",
    end: async ({ world }) => world.simulator.faults.clear(),
    lingers: "told for up to six minutes, which the average needs",
  },
  {
    name: "Nobody works: only `ROLES=pull,http` is left",
    code: "role-unfilled",
    begin: ({ startWorker }) => startWorker("pull,http"),
    remedy: "a process with all roles took its place",
    end: ({ startWorker }) => startWorker(),
  },
  {
    name: "Nobody pulls: only `ROLES=work,http` is left",
    code: "role-unfilled",
    begin: ({ startWorker }) => startWorker("work,http"),
    remedy: "a process with all roles took its place",
    end: ({ startWorker }) => startWorker(),
  },
];

function ofRedis(known: string, { name, remedy }: Pick<NightTrouble, "name" | "remedy">): NightTrouble {
  const row = REDIS_TROUBLES.find((one) => one.name === known);
  if (!row) throw new Error(`no trouble of Redis is called ${known}`);
  const { code, begin, end } = row;
  return { name, code, remedy, begin: ({ redis }) => begin(redis, another), end: ({ redis }) => end(redis) };
}

function another(): Promise<never> {
  return Promise.reject(new Error("the night has only one Redis"));
}
