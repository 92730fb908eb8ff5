/** The events that need a person: unconfirmed ones, and all failed jobs, even without a record. */
import type { Redis } from "ioredis";
import { z } from "zod";
import type { AtVendor, OpenEvent, OpenState } from "../core/event-states.ts";
import { LONGEST_TERMS, type SourceTerms } from "../core/source.ts";
import type { Keys, SourceKeys } from "../ledger/keys.ts";
import { loadScript } from "../ledger/scripts.ts";
import { RECORD_STATES } from "../ledger/states.ts";

type OpenEventsOptions = {
  readonly redis: Redis;
  readonly keys: Keys;
  /** The configured sources. */
  readonly sources: readonly Pick<SourceTerms, "name" | "retentionMs">[];
  /** Includes sources that are no longer configured. */
  readonly knownSources: () => Promise<readonly string[]>;
};

const PAGE = 100;

const Members = z.array(z.string());
const Fields = z.array(z.string().nullable());
const RecordFields = z.tuple([z.enum(RECORD_STATES).nullable(), z.string().nullable(), z.string().nullable()]);
const Holds = z.array(z.string());
const Failed = z.tuple([z.number()], z.array(z.string()));
const About = z.object({ source: z.string(), door: z.enum(["pull", "push"]), receivedAt: z.string() });

/** Lists the events, the oldest first. */
export function createOpenEvents({ redis, keys, sources, knownSources }: OpenEventsOptions) {
  const { keysOf } = keys;
  const failedPage = loadScript(redis, "source", "failed");
  const holds = loadScript(redis, "page", "holds");

  return async (limit: number): Promise<readonly OpenEvent[]> => {
    const names = await knownSources();
    const unconfirmed = (await Promise.all(names.map((name) => unconfirmedOf(name, limit)))).flat();
    const known = new Set(unconfirmed.map(({ id }) => id));
    const jobs = await Promise.all(keys.shards.map((shard) => failedJobs(shard.keysOf("").scope, limit)));
    const failed = jobs.flat().filter(({ id }) => !known.has(id));
    return [...unconfirmed, ...failed].toSorted((a, b) => a.firstSeen.localeCompare(b.firstSeen)).slice(0, limit);
  };

  async function unconfirmedOf(source: string, limit: number): Promise<readonly OpenEvent[]> {
    const fingerprints = Members.parse(await redis.zrange(keysOf(source).unconfirmed, 0, String(limit - 1)));
    const events = await Promise.all(fingerprints.map((fingerprint) => openEvent(source, fingerprint)));
    return events.filter((event) => event !== undefined);
  }

  async function openEvent(source: string, fingerprint: string): Promise<OpenEvent | undefined> {
    const own = keysOf(source);
    const record = await redis.hmget(own.event(fingerprint), "state", "id", "firstSeen");
    const [state, id, firstSeen] = RecordFields.parse(record);
    if (!state || !id || !firstSeen) return undefined;
    const [job, jobState] = await Promise.all([
      redis.hmget(own.job(id), "name", "failedReason", "atm"),
      stateOfJob(own, id),
    ]);
    const [name, reason, attempts] = Fields.parse(job);
    return {
      id,
      source,
      type: name ?? "?",
      state: state === "handled" && jobState !== "parked" ? "handled" : jobState,
      atVendor: state === "handled" ? "due" : "unconfirmed",
      firstSeen: new Date(Number(firstSeen)).toISOString(),
      attempts: Number(attempts ?? 0),
      ...(reason ? { reason } : {}),
    };
  }

  async function stateOfJob(own: SourceKeys, id: string): Promise<OpenState> {
    const [failed, delayed, locked, carried] = await Promise.all([
      redis.zscore(own.queue("failed"), id),
      redis.zscore(own.queue("delayed"), id),
      redis.exists(own.lock(id)),
      redis.hexists(own.job(id), "carrier"),
    ]);
    if (failed !== null) return "parked";
    if (locked === 1 || carried === 1) return "running";
    if (delayed === null) return "waiting";
    const [held] = Holds.parse(await holds(own.scope, id));
    return held === "" ? "delayed" : "waiting";
  }

  /** The longest failed comes first. */
  async function failedJobs(scope: SourceKeys["scope"], limit: number): Promise<readonly OpenEvent[]> {
    const jobs: OpenEvent[] = [];
    for (let seen = 0; jobs.length < limit;) {
      const [count, ...rows] = Failed.parse(await failedPage(scope, seen, Math.min(PAGE, limit - seen)));
      if (count === 0) break;
      jobs.push(...rows.map(failedEvent));
      seen += count;
    }
    return jobs;
  }

  function failedEvent([id = "", type = "?", reason = "", attempts, addedAt, about = "{}", recorded = ""]: string[]) {
    const added = new Date(Number(addedAt)).toISOString();
    const { source = "?", door, receivedAt = added } = About.partial().safeParse(JSON.parse(about)).data ?? {};
    const ageMs = Date.now() - Date.parse(receivedAt);
    return {
      id,
      source,
      type,
      state: "parked" as const,
      atVendor: atVendor(recorded, door, ageMs > retentionOf(source)),
      firstSeen: receivedAt,
      attempts: Number(attempts),
      ...(reason ? { reason } : {}),
    };
  }

  function retentionOf(source: string): number {
    return sources.find(({ name }) => name === source)?.retentionMs ?? LONGEST_TERMS.retentionMs;
  }
}

/** A pulled event's record ends when it is confirmed, or when its vendor has forgotten it. */
function atVendor(recorded: string, door: "pull" | "push" | undefined, isOld: boolean): AtVendor {
  if (recorded === "pending") return "unconfirmed";
  if (recorded === "handled") return "due";
  if (door === "push") return "told";
  return isOld && recorded === "" ? "forgotten" : "confirmed";
}
