import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { z } from "zod";
import { HEALTH_STATES } from "../core/health.ts";
import type { Replica } from "../core/replica.ts";
import type { Keys } from "./keys.ts";
import { LAYOUT, otherLayout } from "./layout.ts";
import { loadScript } from "./scripts.ts";

/** What a replica says of itself: ages instead of times, so that no process's clock is compared with another's. */
export type Beat = Pick<Replica, "name" | "version" | "roles" | "sources" | "running" | "state" | "problems"> & {
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
  upMs: z.number(),
  sincePullMs: z.number().optional(),
  sinceStartMs: z.number().optional(),
});
const Records = z.array(z.string());
const Reply = z.tuple([z.number(), z.string()], z.string());

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
  const dropSource = loadScript(redis, "shared", "drop-source");

  return {
    /**
     * Leaves a record of its own; resolves with the replicas that are gone without having said so. Rejects with a
     * `LayoutError` if the data is of another version by now.
     */
    async beat(beat: Beat): Promise<readonly Replica[]> {
      const reply = await script(shared.scope, id, holdsMs, JSON.stringify(beat), LAYOUT, ...beat.sources);
      const [, layout, ...gone] = Reply.parse(reply);
      if (layout !== LAYOUT) throw new LayoutError(otherLayout(keys, layout));
      return gone.flatMap(toReplica);
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

    /** Takes its own record away: it ends in order. */
    async leave(): Promise<void> {
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
