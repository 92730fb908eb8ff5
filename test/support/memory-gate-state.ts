import type { MemoryJobs } from "./memory-jobs.ts";
import type { GateWord, Limits } from "../../src/core/limits.ts";

export type GateOptions = {
  readonly jobs: MemoryJobs;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Called when a job may have become startable. */
  readonly wake?: () => void;
};

export type Passing = {
  seq: number;
  readonly key: string;
  in: "places" | "waits" | "behind" | "rests" | "carried" | "nowhere";
  /** Set only while the event is carried. */
  carrier?: string;
  /** Used only while the event has a place. */
  runs: boolean;
  since: number;
};

export type State = {
  readonly events: Map<string, Passing>;
  word: GateWord;
  seq: number;
  startsFrom: number;
  slot: number;
};

/** The limits in force now. */
type Terms = { readonly isPaused: boolean; readonly concurrency: number; readonly gap: number; readonly early: number };

export function termsOf({ word }: State, limits: Limits, now: number): Terms {
  const isSet = (word.until ?? Infinity) > now;
  const perSecond = (isSet ? word.perSecond : undefined) ?? limits.perSecond ?? 0;
  const gap = perSecond > 0 ? 1_000 / perSecond : 0;
  return {
    isPaused: isSet && word.paused === true,
    concurrency: ((isSet ? word.concurrency : undefined) ?? limits.concurrency) || Infinity,
    gap,
    early: Math.max(0, (Math.floor(perSecond) + 1 - perSecond) * gap - 1),
  };
}

export function isHead(state: State, id: string, { key }: Passing): boolean {
  return key === "" || lineOf(state, key)[0]?.[0] === id;
}

export function lineOf(state: State, wanted: string) {
  return [...state.events].filter(([, { key }]) => key === wanted).toSorted(([, a], [, b]) => a.seq - b.seq);
}

export function passing(state: State, ...places: readonly Passing["in"][]) {
  return [...state.events].filter(([, event]) => places.includes(event.in)).toSorted(([, a], [, b]) => a.seq - b.seq);
}

/** Numbers events in the same way as `lua/gate.lua`. */
export function nextSeq(state: State, { batch }: Limits, now: number): number {
  state.seq += 1;
  return batch ? Math.floor(now) * 1_000 + (state.seq % 1_000) : state.seq;
}
