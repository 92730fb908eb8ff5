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

/** What a replica says of itself: ages instead of times, so that no process's clock is compared with another's. */
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

/** Long enough for a person to hear of it, and to look for what it did. */
const LOSS_TOLD_FOR_MS = 3_600_000;

export type Heard = {
  /** The replicas that are gone without having said so. */
  readonly gone: readonly Replica[];
  /** Another Redis answers than before, or the same after a start. */
  readonly isOtherRedis: boolean;
  /** How often an operator has limited a handler; less than before if that is forgotten. */
  readonly words: number;
  /** The last loss of data, for a while. */
  readonly loss?: DataLoss;
  /** Who heard of it first found it, others were told. Missing for whoever knew it, or comes later. */
  readonly news?: "found" | "told";
};

/** Another version has taken the data over: this one must not touch it any more. */
export class LayoutError extends Error {
  override readonly name = "LayoutError";
}

export type Replicas = ReturnType<typeof createReplicas>;

/** Which processes work on these keys: each leaves a record, which holds for `holdsMs`. */
export function createReplicas(redis: Redis, keys: Keys, holdsMs: number) {
  const { shared } = keys;
  // Not the name: a process that starts again may have its predecessor's.
  const id = randomUUID();
  const script = loadScript(redis, "shared", "beat");
  /** Of the data, as of its last word. */
  let known: { readonly beats: number; readonly losses: number; readonly redis: RedisIdentity | undefined } | undefined;
  const dropSource = loadScript(redis, "shared", "drop-source");
  let hasLeft = false;

  return {
    /** Leaves a record of its own. Rejects with a `LayoutError` if the data is of another version by now. */
    async beat(beat: Beat): Promise<Heard> {
      const before = known;
      const identity = await identify(redis);
      // Its record would come back, and the others would take it for gone without a word.
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

    /** All that said a word of late, by their names. */
    async list(): Promise<readonly Replica[]> {
      const [records, [seconds]] = await Promise.all([redis.hvals(shared.replicas), redis.time()]);
      const oldest = Number(seconds) * 1_000 - holdsMs;
      return Records.parse(records)
        .flatMap(toReplica)
        .filter(({ seenAt }) => Date.parse(seenAt) >= oldest)
        .toSorted((a, b) => a.name.localeCompare(b.name));
    },

    /** Forgets a source of which nothing is left; false if a living replica has it configured, or it was unknown. */
    async drop(source: string): Promise<boolean> {
      return (await dropSource(shared.scope, source, holdsMs)) === 1;
    },

    /** Takes its own record away: it ends in order, and says no more. */
    async leave(): Promise<void> {
      hasLeft = true;
      await redis.hdel(shared.replicas, id);
    },
  };
}

/** `1700000000000 {"name":...}`: when it was written, and what. One of another version may say what this one cannot read. */
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
