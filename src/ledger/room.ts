/** Reserves room for pulled events, over all replicas and sources that share a queue. */
import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { z } from "zod";
import type { Place } from "../core/inbox.ts";
import type { SourceTerms } from "../core/source.ts";
import { batchesPerScope } from "./batches-per-scope.ts";
import type { Keys } from "./keys.ts";
import { loadScript } from "./scripts.ts";

/** Eight lanes on each of two replicas, where each lane expected almost nothing and got a full pull. */
const MAX_SLACK = 256;
/** A source is pulled at least this often. Without pulls no receipt is renewed and no problem is noticed. */
const LONGEST_WITHOUT_PULL_MS = 10_000;

export type RoomLimits = {
  /**
   * How many events may wait; the same number may be between two attempts. Beyond that, pulls only renew open events.
   */
  readonly maxWaiting: number;
  /** How many events the pulls under way may bring beyond their places. More are skipped. */
  readonly slack?: number;
};

const Placed = z.array(z.tuple([z.enum(["0", "1"]), z.number()]));

type Asking = { readonly source: SourceTerms; readonly expected: number; readonly pull: string };

/** No more events than this are taken in, however many are pulled. */
export function mostAdmitted({ maxWaiting, slack = Math.min(MAX_SLACK, 2 * maxWaiting) }: RoomLimits): number {
  return Math.ceil(1.25 * maxWaiting) + slack;
}

export function createRoom(redis: Redis, { keysOf }: Keys, { maxWaiting }: RoomLimits, isFull: () => boolean) {
  const script = loadScript(redis, "source", "place");
  const replica = randomUUID();
  let pulls = 0;
  /** Sent with the next request for a place. A separate call would cost more than it gains. */
  const ended = new Map<string, string[]>();

  /** Many pulls of a backlog ask at the same time. */
  const places = batchesPerScope(async (scope, asking: readonly Asking[]) => {
    const told = ended.get(scope[0]) ?? [];
    ended.delete(scope[0]);
    const args = asking.flatMap(({ source: { name, windowMs }, expected, pull }) => {
      const patienceMs = Math.min(windowMs / 4, LONGEST_WITHOUT_PULL_MS);
      return [name, windowMs, expected, patienceMs, pull];
    });
    const most = isFull() ? 0 : maxWaiting;
    return Placed.parse(await script(scope, most, told.length / 2, ...told, ...args));
  });

  return async (source: SourceTerms, expected: number): Promise<Place> => {
    const keys = keysOf(source.name);
    const pull = `${replica}:${++pulls} ${expected} ${source.name}`;
    const [isFree, value] = await places(keys).add({ source, expected, pull });
    if (isFree === "0") return { isFree: false, askAgainMs: value };
    return { isFree: true, most: value, pull, end };

    function end(isLost: boolean): void {
      const [scope] = keys.scope;
      ended.set(scope, [...(ended.get(scope) ?? []), pull, isLost ? "1" : "0"]);
    }
  };
}
