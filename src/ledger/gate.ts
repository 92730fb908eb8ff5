/**
 * The gate of a handler with limits. A place belongs to an event, not to a process: when a process dies, BullMQ's stalled
 * recovery starts the event again, and it has its place already.
 *
 * An event of such a handler is in one of these, from its taking in until it is handled, discarded or parked:
 *
 * | in       | means | its job |
 * | -------- | ----- | ------- |
 * | `places` | it runs (score over 1e15), or is about to: from the time that is its score | waits, runs, or is delayed for the rate |
 * | `waits`  | it waits for a place, in the order of its number | delayed for ten years: nothing looks at it |
 * | `behind` | it waits for an earlier one of its key | the same |
 * | `rests`  | an attempt failed, or it is parked and holds its key: it keeps its turn | delayed, or failed |
 *
 *   take in  its number is the next one. The first of its key, a place free and nobody waiting: places; else waits or behind
 *   enter    at every start, whoever caused it. A place: go. Else one is given, or it is held, with its old number.
 *            A job that Redis has lost with its data does not start
 *            The rate is decided here: `startsFrom` is when the next start would be due at an even pace
 *   leave    done: the next of its key waits for a place. A retry keeps its key. Then places are given to those that wait
 *   look     once a second for each handler with limits: places of events that are gone, or that were held in the moment
 *            when they got one; nothing else is ever asked again and again
 *
 * Events that are handled in batches never start by themselves while they have company, see `lua/batch.lua`: they wait, in
 * `waits`, by the time since when they do; one of them gets the place of a batch, and carries others from `waits`.
 *
 * A job moves in the script that moves its event, so that none is forgotten in between. Only BullMQ moves a job that runs:
 * `look` finds one that got its place before that.
 */
import type { Redis } from "ioredis";
import { z } from "zod";
import type { CallbackEvent } from "../core/event.ts";
import type { Carried, CarriedEnd, Gate, GateWord, Limits } from "../core/limits.ts";
import type { Keys } from "./keys.ts";
import { loadScript } from "./scripts.ts";

/** A job that a limit holds is delayed by ten years: longer than any attempt is put off. */
export const HELD_MS = 315_360_000_000;

const Entered = z.union([
  z.tuple([z.enum(["go", "later", "held"]), z.number()]),
  z.tuple([z.literal("go"), z.number(), z.array(z.tuple([z.string(), z.string(), z.number(), z.number()]))]),
]);
/** Written by the inbox. Read here the way BullMQ reads a job. */
const JobText = z.custom<Omit<CallbackEvent, "id"> & { readonly subjects?: unknown }>(
  (data) => typeof data === "object" && data !== null,
);
const Looked = z.tuple([z.number(), z.number()]);

/** A place is looked at after this time. A start may take a while under load. */
const LOOK_AFTER_MS = { given: 2_000, taken: 10_000 };

export type GateOptions = { readonly lookAfterMs?: typeof LOOK_AFTER_MS };

export type RedisGate = Gate & {
  /** The names of the gates in Redis, and whether their events have an order. */
  known(): Promise<ReadonlyMap<string, { readonly isOrdered: boolean }>>;
  /** The names of the handlers that an operator limits now. */
  words(): Promise<ReadonlySet<string>>;
  /** Releases all events that a handler held, since it has no limits any more. */
  open(name: string): Promise<void>;
};

/** Of one shard. */
export function createGate(
  redis: Redis,
  { keysOf, shared }: Keys,
  { lookAfterMs = LOOK_AFTER_MS }: GateOptions = {},
): RedisGate {
  const enter = loadScript(redis, "gate", "gate-enter");
  const leave = loadScript(redis, "gate", "gate-leave");
  const end = loadScript(redis, "gate", "gate-end");
  const look = loadScript(redis, "gate", "gate-look");
  const set = loadScript(redis, "source", "gate-set");
  const words = loadScript(redis, "source", "gate-words");
  const open = loadScript(redis, "gate", "gate-open");
  // All sources of a shard share one queue, and so one gate for each handler.
  const { scope, gates } = keysOf("");

  return {
    async enter({ id }, { limits, key = "" }, isPushed, { isAlone = false, nth = "" } = {}) {
      const reply = await enter(scope, limitsText(limits), id, key, isPushed ? "1" : "0", isAlone ? "1" : "0", nth);
      const [kind, afterMs, carried] = Entered.parse(reply);
      if (kind === "go") return carried ? { kind, carried: carried.map(toCarried) } : { kind };
      return kind === "later" ? { kind, afterMs } : { kind };
    },

    async leave({ id }, limits, how, { nth = "" } = {}) {
      await leave(scope, limitsText(limits), id, how, nth);
    },

    async endCarried({ id }, limits, ends, { nth = "" } = {}) {
      await end(scope, limitsText(limits), id, nth, ...ends.flatMap(endArgs));
    },

    async look(limits) {
      const { given, taken } = lookAfterMs;
      const order = limits.isOrdered ? "ordered" : limits.batch ? "batches" : "plain";
      const holds = limits.afterParked === "holds" ? "1" : "0";
      const [held, placed] = Looked.parse(await look(scope, limitsText(limits), order, holds, given, taken));
      return { held, placed };
    },

    async set(handler, word) {
      await set(scope, handler, ...wordArgs(word));
      // Every process hears the count with its next heartbeat.
      await redis.hincrby(shared.pulse, "words", 1);
    },

    async words() {
      return new Set(z.array(z.string()).parse(await words(scope)));
    },

    async known() {
      const fields = Object.entries(await redis.hgetall(gates));
      return new Map(fields.map(([name, order]) => [name, { isOrdered: order === "ordered" }]));
    },

    async open(name) {
      while (z.number().parse(await open(scope, name)) > 0);
    },
  };
}

/** The limits in the form that the scripts read. */
export function limitsText({ name, concurrency = 0, perSecond = 0, batch }: Limits): string {
  return `${concurrency} ${perSecond} ${batch?.size ?? 0} ${batch?.lingerMs ?? 0} ${name}`;
}

function toCarried([id, data, failures, starts]: readonly [string, string, number, number]): Carried {
  const { subjects: _, ...event } = JobText.parse(JSON.parse(data));
  return { event: { id, ...event }, attempt: failures + 1, startedBefore: starts > 1 };
}

function endArgs({ id, outcome }: CarriedEnd): readonly (string | number)[] {
  switch (outcome.kind) {
    case "handled":
    case "dropped":
      return [id, "handled", 0, "", ""];
    case "parked":
      return [id, outcome.kind, 0, ...reasonOf(outcome.error)];
    case "retry":
      return [id, outcome.usesAttempt === false ? "later" : "retry", outcome.afterMs, ...reasonOf(outcome.error)];
    case "held":
    case "returned":
      return [id, "back", 0, "", ""];
    default:
      throw new Error(`unknown outcome ${JSON.stringify(outcome satisfies never)}`);
  }
}

function reasonOf({ message, stack = message }: Error): readonly [reason: string, stacks: string] {
  return [message, JSON.stringify([stack])];
}

function wordArgs(word: GateWord): string[] {
  const { paused, ...numbers } = word;
  const values = { ...(paused !== undefined && { paused: paused === null ? null : 1 }), ...numbers };
  return Object.entries(values).flatMap(([field, value]) => [field, value === null ? "" : String(value)]);
}
