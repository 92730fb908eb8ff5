/** One node's view of the other nodes. */
import { Redis } from "ioredis";
import { z } from "zod";
import type { Address, ClusterUrl } from "../settings/redis-url.ts";

export type ClusterNode = Address & {
  readonly id: string;
  readonly isPrimary: boolean;
  /** Most primaries consider this node failed. */
  readonly hasFailed: boolean;
  /** If two nodes claim a slot, the one with the higher epoch has it. */
  readonly epoch: number;
  /** Only for a replica: its primary. */
  readonly primaryId: string;
  readonly slots: readonly (readonly [from: number, to: number])[];
};

export type ClusterView = { readonly nodes: readonly ClusterNode[] };

export type Access = Pick<ClusterUrl, "username" | "password" | "isEncrypted">;

export type NodeAsker = { ask(): Promise<ClusterView>; close(): void };

const PATIENCE_MS = 1_000;
const AGAIN_MS = 200;
const Text = z.string();
const Member = z.tuple([z.string().nullable(), z.number(), z.string()], z.unknown());
const Slots = z.array(z.tuple([z.number(), z.number()], Member));

/** A connection to one node, opened for the first question. */
export function createNodeAsker(at: Address, access: Access): NodeAsker {
  const redis = openNode(at, access);
  let said: unknown;
  redis.on("error", (err: unknown) => void (said = err));
  redis.on("ready", () => void (said = undefined));
  return {
    async ask() {
      try {
        const [nodes, slots] = await Promise.all([redis.call("CLUSTER", "NODES"), redis.call("CLUSTER", "SLOTS")]);
        return readView(Text.parse(nodes), Slots.parse(slots), at.host);
      } catch (err) {
        throw said ?? err;
      }
    },
    close: () => redis.disconnect(),
  };
}

/** A connection to a certain node, whichever slots it serves. */
export function openNode({ host, port }: Address, { username, password, isEncrypted }: Access): Redis {
  return new Redis({
    host,
    port,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(isEncrypted && { tls: {} }),
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => AGAIN_MS,
    maxRetriesPerRequest: 0,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  });
}

export function ownerIn({ nodes }: ClusterView, slot: number): ClusterNode | undefined {
  return nodes.find(({ slots }) => slots.some(([from, to]) => from <= slot && slot <= to));
}

/** The slots hold the addresses for clients. The nodes hold everything else. */
function readView(nodes: string, slots: z.infer<typeof Slots>, asked: string): ClusterView {
  const addresses = new Map(
    slots.flatMap(([, , ...members]) =>
      members.map(([host, port, id]) => [id, { host: isKnown(host) ? host : asked, port }] as const),
    ),
  );
  return {
    nodes: nodes
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => {
        const [id = "", address = "", flags = "", primaryId = "", , , epoch, , ...ranges] = line.trim().split(" ");
        const has = (flag: string): boolean => flags.split(",").includes(flag);
        const { host, port } = addresses.get(id) ?? readAddress(address, asked);
        return {
          id,
          host,
          port,
          isPrimary: has("master"),
          hasFailed: has("fail"),
          epoch: Number(epoch),
          primaryId,
          slots: ranges.flatMap(readRange),
        };
      }),
  };
}

/** A node that does not know its own address for clients leaves that to the client. */
function isKnown(host: string | null): host is string {
  return host !== null && host !== "" && host !== "?";
}

/** `10.0.0.2:6379@16379,name` */
function readAddress(text: string, asked: string): Address {
  const [address = ""] = text.split("@");
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon) || asked, port: Number(address.slice(colon + 1)) };
}

/** `0-5460` or `7`. Slots that are moving stand in brackets. */
function readRange(text: string): readonly (readonly [number, number])[] {
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  return from === undefined ? [] : [[Number(from), Number(to)]];
}
