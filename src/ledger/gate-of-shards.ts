/**
 * The gates of handlers in a cluster. A source whose handlers have limits in their code lies on the first shard. Those
 * that an operator limits may lie on several: each shard gets its part of the numbers.
 */
import type { Redis } from "ioredis";
import type { GateWord } from "../core/limits.ts";
import { LimitError } from "../core/errors.ts";
import { isHandledBy } from "../core/source.ts";
import { createGate, type RedisGate } from "./gate.ts";
import type { Keys } from "./keys.ts";

export function createGateOfShards(redis: Redis, keys: Keys): RedisGate {
  const gates = keys.shards.map((shard) => createGate(redis, shard));
  const [first, ...others] = gates;
  if (!first) throw new Error("there is no shard");
  if (others.length === 0) return first;
  const gateOf = ({ source }: { readonly source: string }): RedisGate => gates[keys.shardOf(source)] ?? first;

  return {
    enter: (event, ...terms) => gateOf(event).enter(event, ...terms),
    leave: (event, ...terms) => gateOf(event).leave(event, ...terms),
    endCarried: (event, ...terms) => gateOf(event).endCarried(event, ...terms),

    async look(limits) {
      const counts = await Promise.all(gates.map((gate) => gate.look(limits)));
      const sumOf = (name: "held" | "placed") => counts.reduce((sum, count) => sum + count[name], 0);
      return { held: sumOf("held"), placed: sumOf("placed") };
    },

    async set(handler, word) {
      const places = [...keys.places()].filter(([source]) => isHandledBy(source, handler));
      const part = partOf(handler, word, new Set(places.map(([, shard]) => shard)).size);
      await Promise.all(gates.map((gate) => gate.set(handler, part)));
    },

    async words() {
      return new Set((await Promise.all(gates.map((gate) => gate.words()))).flatMap((names) => Array.from(names)));
    },

    async known() {
      return new Map((await Promise.all(gates.map((gate) => gate.known()))).flatMap((names) => Array.from(names)));
    },

    open: async (name) => void (await Promise.all(gates.map((gate) => gate.open(name)))),
  };
}

/** A shard that gets a source of this handler later has the same part. */
function partOf(handler: string, word: GateWord, shards: number): GateWord {
  const { concurrency, perSecond } = word;
  if (shards <= 1) return word;
  if (concurrency && concurrency < shards)
    throw new LimitError(
      `the events of ${handler} lie on ${shards} shards of the cluster, and each needs a place: concurrency ${shards} is the least, or pause it`,
    );
  return {
    ...word,
    ...(concurrency && { concurrency: Math.floor(concurrency / shards) }),
    ...(perSecond && { perSecond: perSecond / shards }),
  };
}
