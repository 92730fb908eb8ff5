import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { z } from "zod";
import { DATA_LOSS_CAUSES, type DataLoss } from "../core/data-loss.ts";
import { HEALTH_STATES } from "../core/health.ts";
import type { Replica } from "../core/replica.ts";
import type { Keys } from "./keys.ts";
import { LAYOUT, otherLayout } from "./layout.ts";
import { causeOf, identify, type RedisIdentity } from "./redis-identity.ts";
import { loadScript } from "./scripts.ts";

/**
 * A replica reports this about itself. It sends ages instead of times, so no process's clock is compared with
 * another's.
 */
export type Beat = Pick<
  Replica,
  "name" | "version" | "roles" | "sources" | "running" | "state" | "problems" | "isWithoutHandlers"
> & {
  readonly upMs: number;
  readonly sincePullMs?: number | undefined;
  readonly sinceStartMs?: number | undefined;
};

const Beats = z.object({
  name: z.string(),
  version: z.string(),
  roles: z.array(z.string()),
  sources: z.array(z.string()),
  running: z.number(),
  state: z.enum(HEALTH_STATES),
  problems: z.array(z.string()),
  isWithoutHandlers: z.boolean().optional(),
  upMs: z.number(),
  sincePullMs: z.number().optional(),
  sinceStartMs: z.number().optional(),
});
const Records = z.array(z.string());
const Layout = z.tuple([z.number(), z.string()], z.unknown());
const Time = z.string().transform((ms) => (ms === "" ? undefined : new Date(Number(ms)).toISOString()));
const Pulse = z.tuple([
  z.number(),
  z.number(),
  z.enum(["0", "1"]),
  Time,
  Time,
  z.enum([...DATA_LOSS_CAUSES, ""]),
  z.number(),
]);
const Reply = z.tuple([z.number(), z.string(), Pulse], z.string());

/** Long enough for a person to notice, and to look for the effects. */
const LOSS_TOLD_FOR_MS = 3_600_000;

export type Heard = {
  /** The replicas that are gone without a sign-off. */
  readonly gone: readonly Replica[];
  /** Another Redis than before answers, or the same one after a restart. */
  readonly isOtherRedis: boolean;
  /** How often an operator has limited a handler. A lower number than before means that Redis lost the count. */
  readonly words: number;
  /** The last loss of data. Reported for a while. */
  readonly loss?: DataLoss;
  /**
   * `found`: this replica found the loss first. `told`: another replica did. Missing if it was known, or happened
   * before the start.
   */
  readonly news?: "found" | "told";
  /** The shards in which this replica found a loss first. Without it, the first one. */
  readonly foundIn?: readonly number[];
};

/** Another version has taken over the data, so this one must not touch it any more. */
export class LayoutError extends Error {
  override readonly name = "LayoutError";
}

export type Replicas = ReturnType<typeof createReplicas>;

/** Which processes work on these keys. Each leaves a record, which is valid for `holdsMs`. */
export function createReplicas(redis: Redis, keys: Keys, holdsMs: number) {
  const { shared } = keys;
  // The name is not enough: a restarted process may have the name of its predecessor.
  const id = randomUUID();
  const script = loadScript(redis, "shared", "beat");
  /** The state of the data at the last heartbeat. */
  let known: { readonly beats: number; readonly losses: number; readonly redis: RedisIdentity | undefined } | undefined;
  const dropSource = loadScript(redis, "shared", "drop-source");
  let hasLeft = false;

  return {
    /** Leaves this replica's record. Rejects with a `LayoutError` if the data now belongs to another version. */
    async beat(beat: Beat): Promise<Heard> {
      const before = known;
      const identity = await identify(redis);
      // A new record would reappear, and the others would later report it as gone without a sign-off.
      if (hasLeft) return { gone: [], isOtherRedis: false, words: 0 };
      const { beats: knownBeats = 0, losses: knownLosses = 0 } = before ?? {};
      const about = [LAYOUT, knownBeats, knownLosses, causeOf(before?.redis, identity)];
      const reply = await script(shared.scope, id, holdsMs, JSON.stringify(beat), ...about, ...beat.sources);
      const [, layout] = Layout.parse(reply);
      if (layout !== LAYOUT) throw new LayoutError(otherLayout(keys, layout));
      const [now, , [beats, losses, isFinder, from, until, cause, words], ...gone] = Reply.parse(reply);
      known = { beats, losses, redis: identity };
      const isTold = until !== undefined && now - Date.parse(until) < LOSS_TOLD_FOR_MS;
      return {
        gone: gone.flatMap(toReplica),
        words,
        isOtherRedis: before?.redis !== undefined && before.redis.runId !== identity?.runId,
        ...(isTold && { loss: { ...(from !== undefined && { from }), until, cause: cause || "unknown" } }),
        ...(before && losses !== before.losses && { news: isFinder === "1" ? "found" : "told" }),
      };
    },

    /** The replicas with a recent heartbeat, by name. */
    async list(): Promise<readonly Replica[]> {
      const [records, [seconds]] = await Promise.all([redis.hvals(shared.replicas), redis.time()]);
      const oldest = Number(seconds) * 1_000 - holdsMs;
      return Records.parse(records)
        .flatMap(toReplica)
        .filter(({ seenAt }) => Date.parse(seenAt) >= oldest)
        .toSorted((a, b) => a.name.localeCompare(b.name));
    },

    /** Forgets a source of which nothing is left. False if a living replica has it configured, or if it was unknown. */
    async drop(source: string): Promise<boolean> {
      return (await dropSource(shared.scope, source, holdsMs)) === 1;
    },

    /** Removes this replica's record when it ends normally. */
    async leave(): Promise<void> {
      hasLeft = true;
      await redis.hdel(shared.replicas, id);
    },
  };
}

/**
 * `1700000000000 {"name":...}`: the time of writing and the content. This version may be unable to read another
 * version's.
 */
function toReplica(record: string): readonly Replica[] {
  const space = record.indexOf(" ");
  const seenMs = Number(record.slice(0, space));
  const read = Beats.safeParse(JSON.parse(record.slice(space)));
  if (!read.success) return [];
  const { upMs, sincePullMs, sinceStartMs, ...said } = read.data;
  const ago = (ms: number): string => new Date(seenMs - ms).toISOString();
  const replica = {
    ...said,
    startedAt: ago(upMs),
    seenAt: ago(0),
    ...(sincePullMs !== undefined && { lastPullAt: ago(sincePullMs) }),
    ...(sinceStartMs !== undefined && { lastStartAt: ago(sinceStartMs) }),
  };
  return [replica];
}
