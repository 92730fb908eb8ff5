import type { EventRef } from "../../src/core/event.ts";
import type { Entry, Gate, GateCounts, GateWord, Limited, Limits } from "../../src/core/limits.ts";
import type { MemoryJobs } from "./memory-jobs.ts";

const AHEAD_MS = 1_000;
const LOOK_AFTER_MS = { given: 2_000, taken: 10_000 };

type Passing = {
  readonly seq: number;
  readonly key: string;
  in: "places" | "waits" | "behind" | "rests" | "nowhere";
  /** Of one with a place. */
  runs: boolean;
  since: number;
};

type State = {
  readonly events: Map<string, Passing>;
  word: GateWord;
  seq: number;
  startsFrom: number;
  slot: number;
};

/** What a limit says now. */
type Terms = { readonly isPaused: boolean; readonly concurrency: number; readonly gap: number; readonly early: number };

type Options = {
  readonly jobs: MemoryJobs;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** There may be jobs to take. */
  readonly wake?: () => void;
};

/** The gate without Redis, by the same rules. */
export class MemoryGate implements Gate {
  readonly #options: Options;
  readonly #states = new Map<string, State>();

  constructor(options: Options) {
    this.#options = options;
  }

  heldAt({ name }: Limits): number {
    return this.#in(this.#of(name), "waits", "behind").length;
  }

  startsAtOnce({ limits, key = "" }: Limited): boolean {
    const state = this.#of(limits.name);
    if (this.#in(state, "waits").length > 0 || !this.#hasPlace(state, limits)) return false;
    return key === "" || this.#line(state, key).length === 0;
  }

  /** The last of all. The ms until it may start; nothing if it is held. */
  takeIn(id: string, { limits, key = "" }: Limited): number | undefined {
    const state = this.#of(limits.name);
    this.#forget(state, id);
    const event: Passing = { seq: ++state.seq, key, in: "nowhere", runs: false, since: 0 };
    state.events.set(id, event);
    if (!this.#isHead(state, id, event)) {
      event.in = "behind";
      return undefined;
    }
    if (this.#in(state, "waits").length === 0 && this.#hasPlace(state, limits))
      return this.#givePlace(state, event, limits);
    event.in = "waits";
    return undefined;
  }

  async enter({ id }: EventRef, limited: Limited): Promise<Entry> {
    const { limits } = limited;
    const state = this.#of(limits.name);
    const { isPaused, gap, early } = this.#terms(state, limits);
    const now = this.#options.now();
    const known = state.events.get(id);
    if (!known && this.takeIn(id, limited) === undefined) return { kind: "held" };
    const event = known ?? state.events.get(id);
    if (!event) throw new Error(`${id} was not taken in`);
    if (isPaused && event.in === "places") {
      event.in = "waits";
      return { kind: "held" };
    }
    if (event.in !== "places") {
      const isHead = this.#isHead(state, id, event);
      if (!isHead || !this.#hasPlace(state, limits)) {
        event.in = isHead ? "waits" : "behind";
        return { kind: "held" };
      }
      this.#givePlace(state, event, limits);
    }
    if (gap > 0) {
      state.startsFrom = Math.min(state.startsFrom, now + early + gap);
      const afterMs = Math.ceil(state.startsFrom - early - now);
      if (afterMs > 0) {
        Object.assign(event, { runs: false, since: now + afterMs });
        return { kind: "later", afterMs };
      }
      state.startsFrom = Math.max(now, state.startsFrom) + gap;
    }
    Object.assign(event, { runs: true, since: now });
    if (gap > 0) this.#give(state, limits);
    return { kind: "go" };
  }

  async leave({ id }: EventRef, limits: Limits, how: "done" | "rest" | "back"): Promise<void> {
    const state = this.#of(limits.name);
    const event = state.events.get(id);
    if (!event) return;
    const since = this.#options.now();
    if (how === "back") {
      if (event.in === "places") Object.assign(event, { runs: false, since });
      return;
    }
    if (how === "rest") Object.assign(event, { in: "rests", since });
    else this.#forget(state, id);
    this.#give(state, limits);
  }

  async look(limits: Limits): Promise<GateCounts> {
    const { jobs, now } = this.#options;
    const state = this.#of(limits.name);
    for (const [id, event] of state.events) {
      const afterMs = event.in === "places" && !event.runs ? LOOK_AFTER_MS.given : LOOK_AFTER_MS.taken;
      if ((event.in !== "places" && event.in !== "rests") || now() - event.since < afterMs) continue;
      const isParked = jobs.parked(id);
      if (jobs.isOver(id) || (isParked && limits.afterParked !== "holds")) this.#forget(state, id);
      else if (isParked) event.in = "rests";
      else if (event.in === "places" && !event.runs && jobs.delayed(id)) this.#start(id, 0);
    }
    this.#give(state, limits);
    return { held: this.heldAt(limits), placed: this.#in(state, "places").length };
  }

  async set(limits: Limits, word: GateWord): Promise<void> {
    const state = this.#of(limits.name);
    state.word = { ...state.word, ...word };
    this.#give(state, limits);
  }

  clear(): void {
    this.#states.clear();
  }

  #of(name: string): State {
    const state = this.#states.get(name) ?? { events: new Map(), word: {}, seq: 0, startsFrom: 0, slot: 0 };
    this.#states.set(name, state);
    return state;
  }

  #terms({ word }: State, limits: Limits): Terms {
    const isSet = (word.until ?? Infinity) > this.#options.now();
    const perSecond = (isSet ? word.perSecond : undefined) ?? limits.perSecond ?? 0;
    const gap = perSecond > 0 ? 1_000 / perSecond : 0;
    return {
      isPaused: isSet && word.paused === true,
      concurrency: ((isSet ? word.concurrency : undefined) ?? limits.concurrency) || Infinity,
      gap,
      early: Math.max(0, (Math.floor(perSecond) + 1 - perSecond) * gap - 1),
    };
  }

  #hasPlace(state: State, limits: Limits): boolean {
    const { isPaused, concurrency, gap } = this.#terms(state, limits);
    const placed = this.#in(state, "places");
    if (isPaused || placed.length >= concurrency) return false;
    const slot = Math.min(state.slot, this.#options.now() + AHEAD_MS + gap);
    return gap === 0 || slot <= this.#options.now() + AHEAD_MS || placed.every(([, { runs }]) => runs);
  }

  #givePlace(state: State, event: Passing, limits: Limits): number {
    const { gap } = this.#terms(state, limits);
    const now = this.#options.now();
    const at = gap > 0 ? Math.max(now, Math.min(state.slot, now + AHEAD_MS + gap)) : now;
    if (gap > 0) state.slot = at + gap;
    Object.assign(event, { in: "places", runs: false, since: at });
    return Math.ceil(at - now);
  }

  #give(state: State, limits: Limits): void {
    const { jobs } = this.#options;
    for (;;) {
      const [first] = this.#in(state, "waits");
      if (!first || !this.#hasPlace(state, limits)) return;
      const [id, event] = first;
      if (jobs.isOver(id) || jobs.parked(id)) {
        this.#forget(state, id);
        continue;
      }
      const delay = this.#givePlace(state, event, limits);
      if (jobs.delayed(id)) this.#start(id, delay);
    }
  }

  #start(id: string, delay: number): void {
    const { jobs, wake } = this.#options;
    jobs.hold(id, "due");
    if (delay > 0) return this.later(id, delay);
    jobs.release(id);
    wake?.();
  }

  /** The rate lets it start then. */
  later(id: string, ms: number): void {
    void this.#releaseLater(id, ms);
  }

  async #releaseLater(id: string, ms: number): Promise<void> {
    const { jobs, sleep, wake } = this.#options;
    await sleep(ms);
    jobs.release(id);
    wake?.();
  }

  #forget(state: State, id: string): void {
    const event = state.events.get(id);
    if (!event) return;
    state.events.delete(id);
    const [head] = event.key === "" ? [] : this.#line(state, event.key);
    if (head?.[1].in === "behind") head[1].in = "waits";
  }

  #isHead(state: State, id: string, { key }: Passing): boolean {
    return key === "" || this.#line(state, key)[0]?.[0] === id;
  }

  #line(state: State, wanted: string) {
    return [...state.events].filter(([, { key }]) => key === wanted).toSorted(([, a], [, b]) => a.seq - b.seq);
  }

  #in(state: State, ...places: readonly Passing["in"][]) {
    return [...state.events].filter(([, event]) => places.includes(event.in)).toSorted(([, a], [, b]) => a.seq - b.seq);
  }
}
