/** The batches of handlers in virtual time, for one worker, by the worker's own rules: see `ledger/lua/batch.lua`. */
import type { EventRef } from "../core/event.ts";
import type { BatchTerms, Carried, CarriedEnd, Limits } from "../core/limits.ts";
import type { Timer } from "../core/sleep.ts";

export type BatchLimits = Limits & { readonly batch: BatchTerms };

/** The functions of the worker that batches use. */
export type BatchFloor = {
  readonly now: () => number;
  readonly timer: Timer;
  /** 1 for its first attempt. */
  readonly attemptOf: (id: string) => number;
  /** The event may start, and carries others. */
  readonly release: (id: string) => void;
  /** The event starts in the batch of another. */
  readonly begin: (id: string) => Carried;
  readonly end: (end: CarriedEnd) => void;
};

type State = {
  /** The events of each running batch, by the id of its carrier. */
  readonly running: Map<string, readonly Carried[]>;
  /** Waiting events, and since when they wait. */
  readonly since: Map<string, number>;
  stopAlarm: () => void;
};

export function createBatches({ now, timer, attemptOf, release, begin, end }: BatchFloor) {
  const states = new Map<string, State>();

  return {
    gather(id: string, limits: BatchLimits): void {
      stateOf(limits).since.set(id, now());
      giveTo(limits);
    },
    carriedBy: ({ id }: EventRef, limits: Limits): readonly Carried[] => stateOf(limits).running.get(id) ?? [],
    leave({ id }: EventRef, limits: BatchLimits): void {
      stateOf(limits).running.delete(id);
      giveTo(limits);
    },
    endCarried(ends: readonly CarriedEnd[]): void {
      for (const one of ends) end(one);
    },
  };

  function giveTo(limits: BatchLimits): void {
    const { batch, concurrency = Infinity } = limits;
    const state = stateOf(limits);
    state.stopAlarm();
    for (const [id, since] of state.since) {
      if (state.running.size >= concurrency) return;
      const afterMs = since + batch.lingerMs - now();
      if (afterMs > 0 && state.since.size < Math.min(batch.size, mostWith(batch, id))) {
        state.stopAlarm = timer(afterMs, () => giveTo(limits));
        return;
      }
      state.since.delete(id);
      state.running.set(id, takeAlong(state, batch, id));
      release(id);
    }
  }

  function takeAlong({ since }: State, batch: BatchTerms, carrier: string): readonly Carried[] {
    let most = mostWith(batch, carrier);
    const carried: Carried[] = [];
    for (const id of since.keys()) {
      const own = mostWith(batch, id);
      if (carried.length + 2 > Math.min(most, own)) continue;
      most = Math.min(most, own);
      since.delete(id);
      carried.push(begin(id));
    }
    return carried;
  }

  function stateOf({ name }: Limits): State {
    const state = states.get(name) ?? { running: new Map(), since: new Map(), stopAlarm: () => {} };
    states.set(name, state);
    return state;
  }

  function mostWith({ size }: BatchTerms, id: string): number {
    return Math.max(1, Math.ceil(size / 2 ** (attemptOf(id) - 1)));
  }
}
