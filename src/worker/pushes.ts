/** The parts that take callbacks: the inbox for pushed events, and a watch on how many of them wait. */
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { repeat } from "../core/repeat.ts";
import { settledBefore } from "../core/sleep.ts";
import { HOW_TO_MAKE_ROOM } from "../core/problems.ts";
import type { CallbackReadiness, CallbackStatus } from "../http/probes/status-contract.ts";
import type { LimitsOf } from "../core/limits.ts";
import type { Keys } from "../ledger/keys.ts";
import { createWaitingPushes, type PushLimits } from "../ledger/waiting-pushes.ts";
import { connect } from "../queue/connection.ts";
import type { Shard } from "../queue/shards.ts";
import { createCallbackProbe } from "./callback-probe.ts";
import { createPushInbox, type RedisPushInbox } from "../queue/push-inbox.ts";

export type PushesOptions = {
  /** For reading. Pushed events use a separate connection, which the first callback opens. */
  readonly redis: Redis;
  readonly keys: Keys;
  readonly shards: readonly Shard[];
  readonly isReachable?: () => boolean;
  readonly name: string;
  /** The sources that pushed events may have. */
  readonly sources: readonly string[];
  readonly attempts: number;
  readonly limits: PushLimits;
  readonly replicas?: number;
  readonly limitsOf: LimitsOf;
  readonly log: Logger;
};

export type Pushes = {
  readonly inbox: RedisPushInbox;
  status(): Promise<CallbackStatus>;
  /** Whether a callback would be stored. */
  readonly probe: () => Promise<CallbackReadiness>;
  /** Starts to look once a minute. */
  watch(): void;
  close(): Promise<void>;
};

const ROUND_MS = 60_000;
/** The warning comes at three quarters. So after it a third of the time is left that it took until then. */
const WARN_AT = 0.75;

export function openPushes({
  redis,
  keys,
  shards,
  isReachable,
  name,
  sources,
  attempts,
  limits,
  limitsOf,
  replicas,
  log,
}: PushesOptions): Pushes {
  const connections = shards.map(({ place }) => connect({ place, name, log, use: "push" }));
  const inboxes = connections.map((own, shard) => {
    const { keys: there } = shards[shard] ?? { keys };
    return createPushInbox({ redis: own, keys: there, attempts, limits, limitsOf, replicas, log });
  });
  const inbox = together(inboxes, keys);
  const pushes = createWaitingPushes(redis, keys, sources);
  const stop = new AbortController();
  let watching: Promise<void> | undefined;
  const probe = createCallbackProbe({ redis, keys, isReachable, status, isFull: limits.isFull });
  return { inbox, status, probe, watch, close };

  async function status(): Promise<CallbackStatus> {
    const maxWaiting = limits.maxWaiting * shards.length;
    const maxWaitingBytes = limits.maxWaitingBytes * shards.length;
    return { ...(await pushes.count()), maxWaiting, maxWaitingBytes };
  }

  function watch(): void {
    watching ??= repeat(look, {
      everyMs: ROUND_MS,
      signal: stop.signal,
      failed: (err) => log.debug({ err }, "a look at the callbacks that wait failed"),
    });
  }

  async function look(): Promise<void> {
    await pushes.sweep();
    const now = await status();
    const { waiting, waitingBytes, maxWaiting, maxWaitingBytes } = now;
    if (Math.max(waiting / maxWaiting, waitingBytes / maxWaitingBytes) < WARN_AT) return;
    log.error(now, `callbacks pile up in Redis, and soon new ones are answered 503: ${HOW_TO_MAKE_ROOM}`);
  }

  async function close(): Promise<void> {
    stop.abort();
    await settledBefore(Promise.all([watching, inbox.close()]), AbortSignal.timeout(1_000));
    for (const own of connections) own.disconnect();
  }
}

/** Gives each event to the shard of its source. */
function together(inboxes: readonly RedisPushInbox[], { shardOf }: Pick<Keys, "shardOf">): RedisPushInbox {
  const [first, ...others] = inboxes;
  if (!first) throw new Error("there is no shard");
  if (others.length === 0) return first;
  return {
    ...first,
    push: (event, ...terms) => (inboxes[shardOf(event.source)] ?? first).push(event, ...terms),
    close: async () => void (await Promise.all(inboxes.map((one) => one.close()))),
  };
}
