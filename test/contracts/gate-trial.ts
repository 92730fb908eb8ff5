/** What the contract of the gate needs: limits for its events, and a short way to take them through it. */
import type { EventRef } from "../../src/core/event.ts";
import type { GateWord, Limited, LimitsOf, LimitTerms } from "../../src/core/limits.ts";
import type { Delivery } from "../../src/core/source.ts";
import { delivery, type Trial } from "./inbox-trial.ts";

/** The limits of a handler. Its order goes by what stands before the colon of an event's content. */
export function limited(terms: LimitTerms, isOrdered = false) {
  return (body: Delivery["body"]): Limited => {
    const [key] = /(?<="FileId":")[^":]*/.exec(JSON.stringify(body)) ?? [];
    return { limits: { name: "tencent-vod NewFileUpload", isOrdered, ...terms }, ...(isOrdered && { key }) };
  };
}

/** As the inbox asks for them. */
export function limitsBy(own: ReturnType<typeof limited> | undefined): LimitsOf {
  return ({ type }, body) => (type === "NewFileUpload" ? own?.(body()) : undefined);
}

/** Takes events in, and calls them by their content. */
export async function takeIn(t: Trial, ...names: readonly string[]) {
  const deliveries = names.map((name) => delivery(t.source, name));
  const { ids } = await t.pull(...deliveries);
  const known = new Map(names.map((name, index) => [name, { name, id: ids[index] ?? "", one: deliveries[index] }]));

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
    async leave(name: string, how: "done" | "rest" | "back"): Promise<void> {
      await t.gate.leave(this.ref(name), limitsOf(t)({}).limits, how);
    },
    /** Those that a worker may take. */
    async startable(): Promise<readonly string[]> {
      const startable = new Set(await t.jobs.startable());
      return [...known.values()].flatMap(({ name, id }) => (startable.has(id) ? [name] : []));
    },
  };
}

export async function set(t: Trial, word: GateWord): Promise<void> {
  await t.gate.set(limitsOf(t)({}).limits, word);
}

export async function lookLater(t: Trial): Promise<void> {
  await t.advance(t.times.lookMs + 1);
  await t.gate.look(limitsOf(t)({}).limits);
}

function limitsOf({ limited: own }: Trial) {
  if (!own) throw new Error("no limits were set up");
  return own;
}
