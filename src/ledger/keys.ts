/**
 * The names of all keys in Redis. The scripts build theirs in `lua/source-keys.lua` and `lua/shared-keys.lua`, nothing
 * else does.
 *
 * A script touches either the keys of one source, with those of the queue that holds its jobs, or keys that all sources
 * share: never both. In a cluster, sources are placed on shards: each shard has its own hash tag, ledger and queue. The
 * first shard has the tag of the shared keys. Elsewhere it is the only one.
 */
export type SourceKeys = {
  /** The KEYS of each script of this source: the prefix of the ledger's keys, and of BullMQ's. */
  readonly scope: readonly [ledger: string, queue: string];
  /** Hash: the record of a pulled event, see `states.ts`. */
  readonly event: (fingerprint: string) => string;
  /** String: id and state of a pushed event. */
  readonly push: (fingerprint: string) => string;
  /** Sorted set: fingerprints of unconfirmed events, by their first delivery. */
  readonly unconfirmed: string;
  /** Sorted set: fingerprints of handled events, by the time from which a short pull says something about them. */
  readonly handled: string;
  /**
   * Sorted set: fingerprints of events that were confirmed within the grace, by their confirmation. The sources of a
   * shard share it.
   */
  readonly confirmed: string;
  /** Sorted set: ids of jobs whose events their vendor has forgotten, by the first delivery. */
  readonly forgotten: string;
  /** Hash: for each short receipt the fingerprints of the events that carry it. */
  readonly receipts: string;
  /** Hash: the lives of unconfirmed events, by their fingerprints, see `lua/life.lua`. Only with a history. */
  readonly lives: string;
  /** Hash: see `waiting-pushes.ts`. The sources of a shard share it. */
  readonly waitingPushes: string;
  /** Hash: the results of an event's steps, see `lua/claim-step.lua`. */
  readonly steps: (id: string) => string;
  /** Hash: the fingerprints of events that have steps, by event id. The sources of a shard share it. */
  readonly stepOwners: string;
  /** Sorted set: the pulls under way, by their start. Shared likewise. */
  readonly pulls: string;
  /** String: when a pull of this source last ended without a usable answer. */
  readonly lost: string;
  /** String: exists if short answers of this source turned out to prove nothing. */
  readonly unfilled: string;
  /** String: when the first pull found these keys empty. Shared likewise. */
  readonly born: string;
  /** Hash: when each source last found room, and last asked in vain. Shared likewise. */
  readonly room: string;
  /** String: how many handlers ended in these five seconds. Shared likewise. */
  readonly pace: (bucket: number | string) => string;
  /**
   * Hash: the handlers with limits, by the names of their gates. `ordered`: their events have an order; `batches`: they
   * run in batches. Shared likewise.
   */
  readonly gates: string;
  /**
   * Hash: the state of a handler's limits, and an operator's limits that replace them. See `gate.ts`. Shared likewise.
   */
  readonly gate: (handler: string) => string;
  /** Hash: how many lines the history has ever had, and its first chunk that still exists. Shared likewise. */
  readonly history: string;
  /** List: 256 lines of the history, several in each element, see `lua/life.lua`. Shared likewise. */
  readonly past: (chunk: number | string) => string;
  /** BullMQ's hash of a job. */
  readonly job: (id: string) => string;
  /** Exists while a process runs the job. */
  readonly lock: (id: string) => string;
  /** One of BullMQ's own keys: `wait`, `active`, `delayed`, `failed`, `completed`, ... */
  readonly queue: (list: string) => string;
};

type SharedKeys = {
  /** The KEYS of each script of shared state. */
  readonly scope: readonly [shared: string];
  /** String: when the next call under a quota may go, and how many calls there were in about the last second. */
  readonly quota: (name: string) => string;
  /** List: the last turns under a quota, as many as may go in a second. */
  readonly turns: (name: string) => string;
  /** Set: all sources that were ever configured. */
  readonly sources: string;
  /** Hash: the last heartbeat of each replica, by its id. */
  readonly replicas: string;
  /** Hash: how many heartbeats there were, and how often the data went back in time; see `beat.lua`. */
  readonly pulse: string;
  /** String: exists while no canary is due. */
  readonly canary: string;
  /** String: written to find out whether Redis accepts writes. */
  readonly probe: string;
  /** Hash: the counts of one step of a series. */
  readonly series: (step: string) => string;
  /** String: see `layout.ts`. */
  readonly layout: string;
  /** Hash: how many shards there are, and which one holds each source. Only in a cluster. See `placement.ts`. */
  readonly shards: string;
};

/** Where the keys of sources lie. */
export type Spread = {
  /** The hash tag of each shard. The first one is the prefix. */
  readonly tags: readonly string[];
  /** 0 for a source of which nothing is known. */
  readonly shardOf: (source: string) => number;
  /** An event of the source was found in this shard. */
  readonly learn: (source: string, shard: number) => void;
  /** The shard of every source that was ever configured. */
  readonly places: () => ReadonlyMap<string, number>;
};

export type Keys = Omit<Spread, "tags"> & {
  readonly keysOf: (source: string) => SourceKeys;
  /** All in the slot of the first shard. */
  readonly shared: SharedKeys;
  /** Each shard as if it were the only one: all sources lie in it, and so does a shared state of its own. */
  readonly shards: readonly Keys[];
  /** BullMQ's name of the queue, which bull-board shows, and the prefix in front of it. Of the first shard. */
  readonly queue: { readonly name: string; readonly prefix: string };
};

const QUEUE_NAME = "events";
/** More sources than anyone has. */
const MOST_KNOWN = 1_000;

/** `prefix`: set by the operator. */
export function createKeys(prefix: string, spread?: Spread): Keys {
  const first = keysOfShard(prefix);
  if (!spread) return first;
  const { tags, ...places } = spread;
  const shards = tags.map(keysOfShard);
  return { ...first, ...places, keysOf: (source) => (shards[places.shardOf(source)] ?? first).keysOf(source), shards };
}

function keysOfShard(tagText: string): Keys {
  const tag = `{${tagText}}`;
  const shared = `${tag}:shared:`;
  const known = new Map<string, SourceKeys>();
  const keys: Keys = {
    keysOf(source) {
      const found = known.get(source);
      if (found) return found;
      const made = sourceKeys(source, `${tag}:ledger:`, `${tag}:${QUEUE_NAME}:`);
      // Made once, since several are asked for with each event. Names that are no source's must not fill the memory.
      if (known.size < MOST_KNOWN) known.set(source, made);
      return made;
    },
    get shards() {
      return [keys];
    },
    shardOf: () => 0,
    learn: () => {},
    places: () => new Map(),
    shared: {
      scope: [shared],
      quota: (name) => `${shared}quota:${name}`,
      turns: (name) => `${shared}turns:${name}`,
      sources: `${shared}sources`,
      replicas: `${shared}replicas`,
      pulse: `${shared}pulse`,
      canary: `${shared}canary`,
      probe: `${shared}probe`,
      series: (step) => `${shared}series:${step}`,
      layout: `${shared}layout`,
      shards: `${shared}shards`,
    },
    queue: { name: QUEUE_NAME, prefix: tag },
  };
  return keys;
}

function sourceKeys(source: string, ledger: string, queue: string): SourceKeys {
  return {
    scope: [ledger, queue],
    event: (fingerprint) => `${ledger}event:${fingerprint}`,
    push: (fingerprint) => `${ledger}push:${fingerprint}`,
    unconfirmed: `${ledger}unconfirmed:${source}`,
    handled: `${ledger}handled:${source}`,
    confirmed: `${ledger}confirmed`,
    forgotten: `${ledger}forgotten:${source}`,
    receipts: `${ledger}receipts:${source}`,
    lives: `${ledger}lives:${source}`,
    waitingPushes: `${ledger}waiting-pushes`,
    steps: (id) => `${ledger}steps:${id}`,
    stepOwners: `${ledger}step-owners`,
    pulls: `${ledger}pulls`,
    lost: `${ledger}lost:${source}`,
    unfilled: `${ledger}unfilled:${source}`,
    born: `${ledger}born`,
    room: `${ledger}room`,
    pace: (bucket) => `${ledger}pace:${bucket}`,
    gates: `${ledger}gates`,
    gate: (handler) => `${ledger}gate:${handler}`,
    history: `${ledger}history`,
    past: (chunk) => `${ledger}past:${chunk}`,
    job: (id) => `${queue}${id}`,
    lock: (id) => `${queue}${id}:lock`,
    queue: (list) => `${queue}${list}`,
  };
}
