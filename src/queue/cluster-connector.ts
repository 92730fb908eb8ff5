/**
 * Leads a connection to the cluster node that serves our keys. All our keys lie in one slot, so an ordinary connection
 * is enough: it asks one clock and waits for the replicas of one primary. It follows no redirection. While our slot
 * moves, redirections are per key (ASK), so a script that followed one would see only half of our data.
 */
import { connect as connectSocket, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { AbstractConnector, type Redis, type RedisOptions } from "ioredis";
import { sleep } from "../core/sleep.ts";
import type { ClusterUrl, RedisPlace } from "../settings/redis-url.ts";
import { ClusterMap } from "./cluster-map.ts";
import { slotOf } from "./cluster-slot.ts";

type Connector = NonNullable<RedisOptions["Connector"]>;
type Emit = Parameters<AbstractConnector["connect"]>[0];

const DISCONNECT_MS = 2_000;

const maps = new Map<string, ClusterMap>();
const clusters = new WeakMap<object, ClusterUrl>();

/** The cluster that a connection was configured with. Undefined if it leads elsewhere. */
export function clusterOf({ options: { Connector: connector } }: Redis): ClusterUrl | undefined {
  return connector && clusters.get(connector);
}

export function clusterConnector({ url, prefix }: RedisPlace, cluster: ClusterUrl): Connector {
  const slot = slotOf(`{${prefix}}`);
  const name = `${slot} ${url}`;
  const map = maps.get(name) ?? new ClusterMap(cluster, slot);
  maps.set(name, map);

  class ToOwner extends AbstractConnector {
    readonly #pauseMs: RedisOptions["retryStrategy"];
    #leaves = new AbortController();

    constructor(options: unknown) {
      super(DISCONNECT_MS);
      this.#pauseMs = hasRetryStrategy(options) ? options.retryStrategy : undefined;
    }

    /**
     * Never rejects, because that would end the connection for good. It tries until there is an owner, or nobody wants
     * it.
     */
    override async connect(emit: Emit): Promise<Socket> {
      this.connecting = true;
      this.#leaves = new AbortController();
      const { signal } = this.#leaves;
      for (let tries = 1; ; tries += 1) {
        try {
          const owner = await map.owner();
          if (signal.aborted) throw new Error("Connection is closed.");
          const { host, port } = owner;
          const socket = cluster.isEncrypted ? connectTls({ host, port }) : connectSocket({ host, port });
          socket.once("error", (err) => (this.firstError = err));
          map.watchOver(socket, owner);
          return (this.stream = socket);
        } catch (err) {
          const pauseMs = this.#pauseMs?.(tries);
          if (signal.aborted || typeof pauseMs !== "number") throw err;
          emit("error", err instanceof Error ? err : new Error(String(err)));
          await sleep(pauseMs, signal);
        }
      }
    }

    override disconnect(): void {
      this.#leaves.abort();
      super.disconnect();
    }
  }
  clusters.set(ToOwner, cluster);
  return ToOwner;
}

function hasRetryStrategy(options: unknown): options is Pick<RedisOptions, "retryStrategy"> {
  return typeof options === "object" && options !== null && "retryStrategy" in options;
}
