/** Reserves room for pulled events, over all replicas and sources that share a queue. */
import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { z } from "zod";
import type { Place } from "../core/inbox.ts";
import type { SourceTerms } from "../core/source.ts";
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

const Placed = z.tuple([z.enum(["0", "1"]), z.number()]);

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

  return async ({ name, windowMs }: SourceTerms, expected: number): Promise<Place> => {
    const { scope, room } = keysOf(name);
    const patienceMs = Math.min(windowMs / 4, LONGEST_WITHOUT_PULL_MS);
    const pull = `${replica}:${++pulls} ${expected} ${name}`;
    const told = ended.get(room) ?? [];
    ended.delete(room);
    const reply = await script(scope, name, windowMs, isFull() ? 0 : maxWaiting, expected, patienceMs, pull, ...told);
    const [isFree, value] = Placed.parse(reply);
    if (isFree === "0") return { isFree: false, askAgainMs: value };
    return { isFree: true, most: value, pull, end };

    function end(isLost: boolean): void {
      ended.set(room, [...(ended.get(room) ?? []), pull, isLost ? "1" : "0"]);
    }
  };
}
