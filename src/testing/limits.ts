/** The limits of handlers in virtual time: the rules of the gate that all replicas share, for one worker. */
import type { EventRef } from "../core/event.ts";
import type { Entry, Gate, Limited, Limits } from "../core/limits.ts";
import { type BatchFloor, type BatchLimits, createBatches } from "./batches.ts";

type WorkerGate = Pick<Gate, "enter" | "leave" | "endCarried"> & {
  /** The event waits for its batch. */
  gather(event: EventRef, limits: Limits): void;
};

type State = {
  readonly running: Set<string>;
  /** When the next start is due at an even pace. */
  startsFrom: number;
  /** For each key: the unfinished events, in the order of their arrival. */
  readonly lines: Map<string, string[]>;
};

/** `freed` is called when held events may try again. */
export function createLimits(floor: BatchFloor & { readonly freed: () => void }): WorkerGate {
  const { now, freed } = floor;
  const states = new Map<string, State>();
  const keys = new Map<string, string>();
  const batches = createBatches(floor);
  return {
    enter: async (event, limited) => enter(event, limited),
    leave: async (event, limits, how) => leave(event, limits, how),
    endCarried: async (_, __, ends) => batches.endCarried(ends),
    gather: ({ id }, limits) => {
      if (isBatched(limits)) batches.gather(id, limits);
    },
  };

  function enter(event: EventRef, { limits, key }: Limited): Entry {
    if (limits.batch) return { kind: "go", carried: batches.carriedBy(event, limits) };
    const { id } = event;
    const state = stateOf(limits);
    if (key !== undefined && !isHead(state, id, key)) return { kind: "held" };
    if (state.running.size >= (limits.concurrency ?? Infinity)) return { kind: "held" };
    const { perSecond } = limits;
    if (perSecond !== undefined) {
      const gapMs = 1_000 / perSecond;
      // A start may be early by this much. No second then has more than perSecond + 1 starts.
      const earlyMs = Math.max(0, (Math.floor(perSecond) + 1 - perSecond) * gapMs - 1);
      const afterMs = Math.ceil(state.startsFrom - earlyMs - now());
      if (afterMs > 0) return { kind: "later", afterMs };
      state.startsFrom = Math.max(now(), state.startsFrom) + gapMs;
    }
    state.running.add(id);
    return { kind: "go" };
  }

  function leave(event: EventRef, limits: Limits, how: Parameters<Gate["leave"]>[2]): void {
    if (isBatched(limits)) return batches.leave(event, limits);
    const { id } = event;
    const state = stateOf(limits);
    // An event without a known key was never counted.
    if (!state.running.delete(id)) return;
    const key = keys.get(id);
    if (how === "done" && key !== undefined) state.lines.get(key)?.shift();
    freed();
  }

  function isHead(state: State, id: string, key: string): boolean {
    const line = state.lines.get(key) ?? [];
    state.lines.set(key, line);
    keys.set(id, key);
    if (!line.includes(id)) line.push(id);
    return line[0] === id;
  }

  function stateOf({ name }: Limits): State {
    const state = states.get(name) ?? { running: new Set(), startsFrom: 0, lines: new Map() };
    states.set(name, state);
    return state;
  }
}

function isBatched(limits: Limits): limits is BatchLimits {
  return limits.batch !== undefined;
}
