/** Remembers why Redis refused a connection or its commands. */
import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Redis, ReplyError } from "ioredis";
import { clusterOf } from "./cluster-connector.ts";
import { type RedisTrouble, redisTroubleOf } from "../core/redis-trouble.ts";
import { sleep } from "../core/sleep.ts";

/** How long a refusal is remembered for a connection, which tries again once a second. */
const HOLDS_MS = 5_000;
const ASK_EVERY_MS = 1_000;
const PATIENCE_MS = 1_000;
/** A Redis that accepts no more connections says so at once. */
const FIRST_WORD_MS = 200;

const refusals = new WeakMap<Redis, { readonly trouble: RedisTrouble; readonly at: number }>();

export function refusalOf(redis: Redis): RedisTrouble | undefined {
  const last = refusals.get(redis);
  return last && performance.now() - last.at < HOLDS_MS ? last.trouble : undefined;
}

export function noteRefusal(redis: Redis, err: unknown): void {
  const trouble = redisTroubleOf(err);
  if (!trouble) return;
  // A named refusal says more than "connection broken", which follows each refusal.
  if (trouble.code === "redis-away" && (refusalOf(redis) ?? trouble).code !== "redis-away") return;
  refusals.set(redis, { trouble, at: performance.now() });
}

/**
 * Asks Redis on a separate connection while ours is not ready. The client waits silently while Redis loads its data,
 * and drops the reply of a Redis that accepts no more connections. `heard` gets each refusal.
 */
export function askWhileAway(redis: Redis, heard: (err: unknown) => void): void {
  const ended = new AbortController();
  let asking = false;
  redis.on("end", () => ended.abort());
  for (const event of ["connect", "close"]) redis.on(event, () => void ask());

  /** Never rejects. */
  async function ask(): Promise<void> {
    if (asking) return;
    asking = true;
    while (isAway()) {
      await sleep(ASK_EVERY_MS, ended.signal);
      if (!isAway()) break;
      const err = await firstWordOf(redis).catch(() => askOnce(redis));
      if (isAway() && err !== undefined) heard(err);
    }
    asking = false;
  }

  function isAway(): boolean {
    return !ended.signal.aborted && redis.status !== "ready" && redis.status !== "end";
  }
}

/** Reads before writing, since a write into a refused connection may discard the reply. Rejects if nothing arrives. */
async function firstWordOf(redis: Redis): Promise<unknown> {
  const { host = "", port = 0, tls, sentinels } = redis.options;
  if (sentinels || clusterOf(redis)) throw new Error("others know its address");
  const socket = tls ? connectTls({ host, port, ...tls }) : connectSocket({ host, port });
  try {
    const [word]: unknown[] = await once(socket, "data", { signal: AbortSignal.timeout(FIRST_WORD_MS) });
    const said = String(word).trim();
    return said.startsWith("-") ? new ReplyError(said.slice(1)) : undefined;
  } finally {
    socket.on("error", () => {}).destroy();
  }
}

/** Resolves with the refusal, if there is one. */
async function askOnce(redis: Redis): Promise<unknown> {
  const asker = redis.duplicate({
    enableReadyCheck: false,
    lazyConnect: true,
    retryStrategy: () => null,
    sentinelRetryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
  });
  let said: unknown;
  asker.on("error", (err: unknown) => (said ??= err));
  try {
    await asker.connect();
    await asker.ping();
    return undefined;
  } catch (err) {
    return said ?? err;
  } finally {
    asker.disconnect();
  }
}
