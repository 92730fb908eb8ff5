/** Reaches Redis, and decides in a cluster which shard holds which source. */
import type { Logger } from "pino";
import { ConfigError } from "../config/config-error.ts";
import type { Limits } from "../core/limits.ts";
import type { RedisTrouble } from "../core/redis-trouble.ts";
import { sleep } from "../core/sleep.ts";
import { isHandledBy } from "../core/source.ts";
import { claimLayout } from "../ledger/layout.ts";
import { createPlacement, type Placed, placeSources, readPlaces } from "../ledger/placement.ts";
import { clusterOf } from "../queue/cluster-connector.ts";
import { connect } from "../queue/connection.ts";
import { reach } from "../queue/reach.ts";
import { refusalOf } from "../queue/refusals.ts";
import { countShards, onlyShard, type Shards, spreadOver } from "../queue/shards.ts";
import type { RedisPlace } from "../settings/redis-url.ts";

export type ShardsOptions = {
  readonly place: RedisPlace;
  readonly name: string;
  /** All configured sources, those of callbacks too. */
  readonly sources: readonly string[];
  /** The limits of this process's handlers. */
  readonly limited: readonly Limits[];
  /** This process does not know the handlers of the events that it takes in. */
  readonly isWithoutHandlers: boolean;
  readonly log: Logger;
};

export type OpenShards = Shards & {
  readonly isReachable: () => boolean;
  readonly onReachable: (tell: () => void) => void;
  readonly refusal: () => RedisTrouble | undefined;
  /** See `Placement`. */
  readonly keep: () => Promise<void>;
  close(): Promise<void>;
};

const PATIENCE_MS = 10_000;
/** Workers that start at the same time have placed the sources by then. */
const PLACED_WITHIN_MS = 5_000;
const LOOK_MS = 200;

export async function openShards(options: ShardsOptions): Promise<OpenShards> {
  const { place, name, log } = options;
  const open = (there: RedisPlace) => connect({ place: there, name, log, use: "command" });
  const redis = open(place);
  const opened = [redis];
  try {
    const first = onlyShard({ redis, place });
    await reach(redis, PATIENCE_MS, () => claimLayout(redis, first.keys));
    const placed = clusterOf(redis) ? await placeOn(first, options) : { count: 1, shards: new Map() };
    if (placed.count === 1) return offered(first, async () => {});
    const placement = createPlacement(redis, first.keys, placed);
    const shards = spreadOver({ redis, place }, placed.count, placement, (there) => {
      const own = open(there);
      opened.push(own);
      return own;
    });
    for (const shard of shards.all.slice(1))
      await reach(shard.redis, PATIENCE_MS, () => claimLayout(shard.redis, shard.keys));
    return offered(shards, () => placement.keep());
  } catch (err) {
    for (const one of opened) one.disconnect();
    throw err;
  }
}

function offered(shards: Shards, keep: () => Promise<void>): OpenShards {
  const connections = shards.all.map(({ redis }) => redis);
  return {
    ...shards,
    keep,
    isReachable: () => connections.every(({ status }) => status === "ready"),
    onReachable: (tell) => connections.forEach((redis) => redis.on("ready", tell)),
    refusal: () => connections.map(refusalOf).find((trouble) => trouble !== undefined),
    close: async () => connections.forEach((redis) => redis.disconnect()),
  };
}

async function placeOn({ redis, keys }: Shards, options: ShardsOptions): Promise<Placed> {
  const { sources, limited, isWithoutHandlers, log } = options;
  const count = (await readPlaces(redis, keys))?.count ?? (await countShards(redis));
  if (count === 1) return { count, shards: new Map() };
  const known = isWithoutHandlers ? await waitForPlaces() : undefined;
  if (known) return known;
  if (isWithoutHandlers)
    log.warn("no worker with handlers has placed the sources: new ones go to the first shard, as if they had limits");
  const limitsOf = (source: string) => limited.find(({ name }) => isHandledBy(source, name));
  const placed = await placeSources(
    redis,
    keys,
    count,
    sources.map((source) => (isWithoutHandlers || limitsOf(source) ? { source, shard: 0 } : { source })),
  );
  const mistakes = sources.flatMap((source) => {
    const limits = limitsOf(source);
    return limits && placed.shards.get(source) !== 0 ? [misplaced(limits.name, source, keys.shared.shards)] : [];
  });
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return placed;

  async function waitForPlaces(): Promise<Placed | undefined> {
    for (const end = performance.now() + PLACED_WITHIN_MS; performance.now() < end; await sleep(LOOK_MS)) {
      const found = await readPlaces(redis, keys);
      if (found && sources.every((source) => found.shards.has(source))) return found;
    }
    return undefined;
  }
}

function misplaced(handler: string, source: string, key: string): string {
  const fact = `the handler of ${handler} has limits, and ${source} was placed on a shard of the cluster where its events cannot be counted with those of other sources`;
  return `HANDLERS: ${fact}; take the limits out, or let all of its events end, stop all workers, and let it be placed anew: redis-cli HDEL '${key}' 'at:${source}'`;
}
