/**
 * Learns from the sentinels that a primary was replaced, and cuts connections to the old one. A primary that froze or
 * is cut off never says so itself. The client's own detector is not used: it writes to stderr whenever a sentinel is
 * gone, and opens connections to all sentinels for each of ours.
 */
import type { Socket } from "node:net";
import { Redis, type RedisOptions, type SentinelConnectionOptions, SentinelConnector } from "ioredis";
import { backoffMs } from "../core/backoff.ts";
import type { RedisPlace, SentinelUrl } from "../settings/redis-url.ts";

const REPLACED = "+switch-master";
const RECONNECT_MS = { minMs: 200, maxMs: 5_000 };
/** All sentinels report the same failover. */
const SAME_MS = 10_000;

type Watch = { readonly connections: Set<Socket>; close(): void };

/** One watch for each set of sentinels, while a connection is open. */
const watches = new Map<string, Watch>();

/** Connects as the client does, and watches each connection. */
export function watchedConnector(place: RedisPlace, set: SentinelUrl): NonNullable<RedisOptions["Connector"]> {
  return class extends SentinelConnector {
    constructor(options: unknown) {
      super(isOfSentinels(options) ? options : {});
    }

    override async connect(...[emit]: Parameters<SentinelConnector["connect"]>): Promise<Socket> {
      const connection = await super.connect(emit);
      watchOver(connection, place, set);
      return connection;
    }
  };
}

function isOfSentinels(options: unknown): options is SentinelConnectionOptions {
  return typeof options === "object" && options !== null && "sentinels" in options;
}

function watchOver(connection: Socket, place: RedisPlace, set: SentinelUrl): void {
  const watch = watches.get(place.url) ?? startWatch(place, set);
  watches.set(place.url, watch);
  watch.connections.add(connection);
  connection.once("close", () => {
    watch.connections.delete(connection);
    if (watch.connections.size > 0) return;
    watch.close();
    watches.delete(place.url);
  });
}

function startWatch({ sentinelPassword }: RedisPlace, { sentinels, primary, isEncrypted }: SentinelUrl): Watch {
  const connections = new Set<Socket>();
  let last = { said: "", at: -Infinity };

  function hear(said: string): void {
    const [name, , , , port] = said.split(" ");
    if (name !== primary || (said === last.said && performance.now() - last.at < SAME_MS)) return;
    last = { said, at: performance.now() };
    for (const connection of connections) if (connection.remotePort !== Number(port)) connection.destroy();
  }

  const listeners = sentinels.map((address) => {
    const sentinel = new Redis({
      ...address,
      ...(sentinelPassword !== undefined && { password: sentinelPassword }),
      ...(isEncrypted && { tls: {} }),
      enableReadyCheck: false,
      maxRetriesPerRequest: null,
      retryStrategy: (times) => backoffMs(times, RECONNECT_MS),
    });
    sentinel.on("error", () => {}); // the others tell of it too
    sentinel.on("message", (_channel, said) => hear(said));
    sentinel.subscribe(REPLACED).catch(() => {});
    return sentinel;
  });
  return { connections, close: () => listeners.forEach((sentinel) => sentinel.disconnect()) };
}
