/**
 * Knows which cluster node serves our slot, and cuts connections to the node before. A primary that froze or is cut off
 * never says so itself. A node that is cut off may report an old state, so the highest epoch counts.
 */
import type { Socket } from "node:net";
import { ReplyError } from "ioredis";
import { repeat } from "../core/repeat.ts";
import { sleep } from "../core/sleep.ts";
import { redisTroubleOf } from "../core/redis-trouble.ts";
import type { Address, ClusterUrl } from "../settings/redis-url.ts";
import { distrustIn } from "./distrust.ts";
import { type ClusterNode, type ClusterView, createNodeAsker, type NodeAsker, ownerIn } from "./cluster-view.ts";

const LOOK_MS = 1_000;
/** Nodes that answer at all answer at once. */
const OTHERS_MS = 200;
/** Enough nodes to include a majority of most clusters. */
const ASKED = 12;

export class ClusterMap {
  readonly #cluster: ClusterUrl;
  readonly #slot: number;
  readonly #askers = new Map<string, NodeAsker>();
  readonly #connections = new Map<Socket, ClusterNode>();
  #known: readonly Address[];
  #looking: Promise<ClusterNode> | undefined;
  #watch: AbortController | undefined;
  #turn = 0;

  constructor(cluster: ClusterUrl, slot: number) {
    this.#cluster = cluster;
    this.#slot = slot;
    this.#known = cluster.nodes;
  }

  /** The primary that serves our slot. Rejects if there is none at the moment, or if no node answers. */
  async owner(): Promise<ClusterNode> {
    return await (this.#looking ??= this.#find().finally(() => {
      this.#looking = undefined;
      this.#rest();
    }));
  }

  /** Cuts the connection when another node has taken over. */
  watchOver(connection: Socket, to: ClusterNode): void {
    this.#connections.set(connection, to);
    connection.once("close", () => {
      this.#connections.delete(connection);
      this.#rest();
    });
    if (this.#watch) return;
    this.#watch = new AbortController();
    const { signal } = this.#watch;
    void repeat(() => this.#look(), { everyMs: LOOK_MS, signal, failed: () => {} });
  }

  async #find(): Promise<ClusterNode> {
    const troubles: unknown[] = [];
    const views: ClusterView[] = [];
    const first = Promise.withResolvers<void>();
    const asked = this.#known.slice(0, ASKED).map(async (address) => {
      try {
        views.push(await this.#ask(address));
        first.resolve();
      } catch (err) {
        troubles.push(err);
      }
    });
    await Promise.race([Promise.all(asked), first.promise.then(() => sleep(OTHERS_MS))]);
    if (views.length === 0) throw worstOf(troubles);
    const owners = views.flatMap((view) => ownerIn(view, this.#slot) ?? []).toSorted((a, b) => b.epoch - a.epoch);
    const [owner] = owners;
    if (!owner) throw new ReplyError("CLUSTERDOWN no node serves our slot");
    if (owner.hasFailed) throw new ReplyError(`CLUSTERDOWN ${nameOf(owner)}, which serves our slot, has failed`);
    return owner;
  }

  /** Asks one node after another for its view. */
  async #look(): Promise<void> {
    this.#turn += 1;
    const address = this.#known[this.#turn % this.#known.length];
    const view = address && (await this.#ask(address));
    const owner = view && ownerIn(view, this.#slot);
    if (!owner || owner.hasFailed) return;
    for (const [connection, to] of this.#connections)
      if (owner.epoch > to.epoch && nameOf(owner) !== nameOf(to)) connection.destroy();
  }

  async #ask(address: Address): Promise<ClusterView> {
    const name = nameOf(address);
    const asker = this.#askers.get(name) ?? createNodeAsker(address, this.#cluster);
    this.#askers.set(name, asker);
    const view = await asker.ask();
    // The given nodes stay in the list, since the operator chose them as the ones that stay up.
    const all = [...this.#cluster.nodes, ...view.nodes.filter(({ hasFailed }) => !hasFailed)];
    this.#known = [...new Map(all.map((one) => [nameOf(one), one])).values()];
    return view;
  }

  /** No connection needs the map any more. */
  #rest(): void {
    if (this.#connections.size > 0 || this.#looking) return;
    this.#watch?.abort();
    this.#watch = undefined;
    for (const asker of this.#askers.values()) asker.close();
    this.#askers.clear();
  }
}

function nameOf({ host, port }: Address): string {
  return `${host}:${port}`;
}

/** A refusal, of ours or of the node, says more than no answer. */
function worstOf(troubles: readonly unknown[]): unknown {
  const distrusted = troubles.find((err) => distrustIn(err) !== undefined);
  if (distrusted) return distrusted;
  const refusal = troubles.find((err) => (redisTroubleOf(err)?.code ?? "redis-away") !== "redis-away");
  return refusal ?? troubles[0] ?? new Error("Connection is closed: no node of the cluster answers");
}
