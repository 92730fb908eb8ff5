/** Tools for the gate's contract: limits for its events, and short calls that take events through the gate. */
import type { EventRef } from "../../src/core/event.ts";
import type { BatchTerms, GateWord, Limited, LimitsOf, LimitTerms } from "../../src/core/limits.ts";
import type { Outcome } from "../../src/core/runs.ts";
import type { Delivery } from "../../src/core/source.ts";
import { delivery, type Trial } from "./inbox-trial.ts";

/** The limits of a handler. The order key is the part of an event's content before the colon. */
export function limited(terms: LimitTerms, isOrdered = false) {
  return (body: Delivery["body"]): Limited => {
    const [key] = /(?<="FileId":")[^":]*/.exec(JSON.stringify(body)) ?? [];
    return { limits: { name: "tencent-vod NewFileUpload", isOrdered, ...terms }, ...(isOrdered && { key }) };
  };
}

/** A handler that takes its events in batches. */
export function batched(batch: BatchTerms, terms: LimitTerms = {}) {
  return (): Limited => ({ limits: { name: "tencent-vod NewFileUpload", isOrdered: false, ...terms, batch } });
}

/** Adapts the limits to the form that the inbox asks for. */
export function limitsBy(own: ((body: Delivery["body"]) => Limited) | undefined): LimitsOf {
  return ({ type }, body) => (type === "NewFileUpload" ? own?.(body()) : undefined);
}

/** Takes events in. The returned functions name an event by its content. */
export async function takeIn(t: Trial, ...names: readonly string[]) {
  const deliveries = names.map((name) => delivery(t.source, name));
  const { ids } = await t.pull(...deliveries);
  const known = new Map(names.map((name, index) => [name, { name, id: ids[index] ?? "", one: deliveries[index] }]));

  const nameOf = (id: string): string => [...known.values()].find((one) => one.id === id)?.name ?? id;

  return {
    ref(name: string): EventRef {
      return {
        id: known.get(name)?.id ?? "",
        fingerprint: known.get(name)?.one?.fingerprint ?? "",
        source: t.source.name,
      };
    },
    async enter(name: string): Promise<string> {
      return (await t.gate.enter(this.ref(name), limitsOf(t)(known.get(name)?.one?.body ?? {}), false)).kind;
    },
    /** Starts the event as carrier of a batch. Returns the events it carries, or undefined if it may not start. */
    async carry(name: string) {
      const entry = await t.gate.enter(this.ref(name), limitsOf(t)(known.get(name)?.one?.body ?? {}), false);
      return entry.kind === "go" ? (entry.carried ?? []).map(({ event }) => nameOf(event.id)) : undefined;
    },
    async end(carrier: string, outcomes: Readonly<Record<string, Outcome>>): Promise<void> {
      const ends = Object.entries(outcomes).map(([name, outcome]) => ({ id: this.ref(name).id, outcome }));
      await t.gate.endCarried(this.ref(carrier), limitsOf(t)({}).limits, ends);
    },
    async leave(name: string, how: "done" | "rest" | "back"): Promise<void> {
      await t.gate.leave(this.ref(name), limitsOf(t)({}).limits, how);
    },
    /** The events that a worker may take. */
    async startable(): Promise<readonly string[]> {
      const startable = new Set(await t.jobs.startable());
      return [...known.values()].flatMap(({ name, id }) => (startable.has(id) ? [name] : []));
    },
  };
}

/** Sets the operator's word, and lets a look start the events that it permits. */
export async function set(t: Trial, word: GateWord): Promise<void> {
  const { limits } = limitsOf(t)({});
  await t.gate.set(limits.name, word);
  await t.gate.look(limits);
}

export async function lookLater(t: Trial): Promise<void> {
  await t.advance(t.times.lookMs + 1);
  await t.gate.look(limitsOf(t)({}).limits);
}

function limitsOf({ limited: own }: Trial) {
  if (!own) throw new Error("no limits were set up");
  return own;
}
