import type { EventRef } from "../../src/core/event.ts";
import type {
  CarriedEnd,
  Entry,
  Gate,
  GateCounts,
  GateStart,
  GateWord,
  Limited,
  Limits,
} from "../../src/core/limits.ts";
import { endCarried, enterBatch, giveBatches, setDown, takeAlong } from "./memory-batches.ts";
import {
  type GateOptions,
  isHead,
  lineOf,
  nextSeq,
  passing,
  type Passing,
  type State,
  termsOf,
} from "./memory-gate-state.ts";

const AHEAD_MS = 1_000;
const LOOK_AFTER_MS = { given: 2_000, taken: 10_000 };

/** The gate without Redis. It follows the same rules. */
export class MemoryGate implements Gate {
  readonly #options: GateOptions;
  readonly #states = new Map<string, State>();

  constructor(options: GateOptions) {
    this.#options = options;
  }

  heldAt({ name }: Limits): number {
    return passing(this.#of(name), "waits", "behind").length;
  }

  startsAtOnce({ limits, key = "" }: Limited): boolean {
    const state = this.#of(limits.name);
    if (limits.batch) return false;
    if (passing(state, "waits").length > 0 || !this.#hasPlace(state, limits)) return false;
    return key === "" || lineOf(state, key).length === 0;
  }

  /** Adds the event at the end. Returns the ms until it may start, or undefined if it is held. */
  takeIn(id: string, { limits, key = "" }: Limited): number | undefined {
    const state = this.#of(limits.name);
    this.#forget(state, id, limits);
    const seq = nextSeq(state, limits, this.#options.now());
    const event: Passing = { seq, key, in: "nowhere", runs: false, since: 0 };
    state.events.set(id, event);
    const isBehind = !limits.batch && !isHead(state, id, event);
    const isNext = !limits.batch && !isBehind && passing(state, "waits").length === 0;
    if (isNext && this.#hasPlace(state, limits)) return this.#givePlace(state, event, limits);
    event.in = isBehind ? "behind" : "waits";
    return undefined;
  }

  /** Called once the events that were taken in exist as jobs. */
  taken({ limits }: Limited): void {
    if (limits.batch) this.#give(this.#of(limits.name), limits);
  }

  async enter({ id }: EventRef, limited: Limited, _isPushed = false, start: GateStart = {}): Promise<Entry> {
    const { limits } = limited;
    const state = this.#of(limits.name);
    const { isPaused, gap, early } = termsOf(state, limits, this.#options.now());
    const now = this.#options.now();
    const known = state.events.get(id);
    if (limits.batch && this.#options.jobs.isOutrun(id, start.nth)) return { kind: "held" };
    if (!known && !this.#options.jobs.has(id)) return { kind: "held" };
    if (!known && this.takeIn(id, limited) === undefined && !limits.batch) return { kind: "held" };
    const event = known ?? state.events.get(id);
    if (!event) throw new Error(`${id} was not taken in`);
    const floor = this.#floor(state, limits);
    if (floor) {
      const entry = enterBatch(floor, id, event);
      if (entry) return entry;
    } else if (isPaused && event.in === "places") {
      event.in = "waits";
      return { kind: "held" };
    } else if (event.in !== "places") {
      const isFirst = isHead(state, id, event);
      if (!isFirst || !this.#hasPlace(state, limits)) {
        event.in = isFirst ? "waits" : "behind";
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
    const carried = floor && takeAlong(floor, id, start.isAlone ?? false);
    Object.assign(event, { runs: true, since: now });
    if (gap > 0 || floor) this.#give(state, limits);
    return carried ? { kind: "go", carried } : { kind: "go" };
  }

  async leave({ id }: EventRef, limits: Limits, how: "done" | "rest" | "back", { nth }: GateStart = {}): Promise<void> {
    const state = this.#of(limits.name);
    const event = state.events.get(id);
    if (!event) return;
    const since = this.#options.now();
    const floor = this.#floor(state, limits);
    if (floor && this.#options.jobs.isOutrun(id, nth)) return;
    if (floor) setDown(floor, id);
    if (how === "back") {
      if (event.in === "places") Object.assign(event, { runs: false, since });
      return;
    }
    if (how === "rest") Object.assign(event, { in: "rests", since });
    else this.#forget(state, id, limits);
    this.#give(state, limits);
  }

  async endCarried({ id }: EventRef, limits: Limits, ends: readonly CarriedEnd[], start: GateStart = {}) {
    const { jobs } = this.#options;
    const state = this.#of(limits.name);
    const floor = this.#floor(state, limits);
    if (!floor) throw new Error(`${limits.name} has no batches`);
    if (jobs.isOutrun(id, start.nth)) return;
    for (const end of ends) {
      const { dueIn } = endCarried(floor, id, end);
      const lock = jobs.lockOf(end.id);
      if (dueIn !== undefined) void this.#after(dueIn, () => jobs.resume(end.id, lock));
    }
    this.#give(state, limits);
  }

  async look(limits: Limits): Promise<GateCounts> {
    const { jobs, now } = this.#options;
    const state = this.#of(limits.name);
    for (const [id, event] of state.events) {
      const afterMs = event.in === "places" && !event.runs ? LOOK_AFTER_MS.given : LOOK_AFTER_MS.taken;
      if ((event.in !== "places" && event.in !== "rests") || now() - event.since < afterMs) continue;
      const isParked = jobs.parked(id);
      if (jobs.isOver(id) || (isParked && limits.afterParked !== "holds")) this.#forget(state, id, limits);
      else if (isParked) event.in = "rests";
      else if (event.in === "places" && !event.runs && jobs.delayed(id)) this.#start(id, 0);
    }
    this.#give(state, limits);
    return { held: this.heldAt(limits), placed: passing(state, "places").length };
  }

  async set(handler: string, word: GateWord): Promise<void> {
    const state = this.#of(handler);
    state.word = { ...state.word, ...word };
  }

  clear(): void {
    this.#states.clear();
  }

  #of(name: string): State {
    const state = this.#states.get(name) ?? { events: new Map(), word: {}, seq: 0, startsFrom: 0, slot: 0 };
    this.#states.set(name, state);
    return state;
  }

  #hasPlace(state: State, limits: Limits): boolean {
    const { isPaused, concurrency, gap } = termsOf(state, limits, this.#options.now());
    const placed = passing(state, "places");
    if (isPaused || placed.length >= concurrency) return false;
    const slot = Math.min(state.slot, this.#options.now() + AHEAD_MS + gap);
    return gap === 0 || slot <= this.#options.now() + AHEAD_MS || placed.every(([, { runs }]) => runs);
  }

  #givePlace(state: State, event: Passing, limits: Limits): number {
    const { gap } = termsOf(state, limits, this.#options.now());
    const now = this.#options.now();
    const at = gap > 0 ? Math.max(now, Math.min(state.slot, now + AHEAD_MS + gap)) : now;
    if (gap > 0) state.slot = at + gap;
    Object.assign(event, { in: "places", runs: false, since: at });
    return Math.ceil(at - now);
  }

  #give(state: State, limits: Limits): void {
    const { jobs } = this.#options;
    const floor = this.#floor(state, limits);
    if (floor) return giveBatches(floor);
    for (;;) {
      const [first] = passing(state, "waits");
      if (!first || !this.#hasPlace(state, limits)) return;
      const [id, event] = first;
      if (jobs.isOver(id) || jobs.parked(id)) {
        this.#forget(state, id, limits);
        continue;
      }
      const delay = this.#givePlace(state, event, limits);
      if (jobs.delayed(id)) this.#start(id, delay);
    }
  }

  #floor(state: State, limits: Limits) {
    const { jobs, now } = this.#options;
    return (
      limits.batch && {
        events: state.events,
        batch: limits.batch,
        jobs,
        now: now(),
        isPaused: termsOf(state, limits, this.#options.now()).isPaused,
        in: (place: Passing["in"]) => passing(state, place),
        hasPlace: () => this.#hasPlace(state, limits),
        nextSeq: () => nextSeq(state, limits, this.#options.now()),
        givePlace: (event: Passing) => this.#givePlace(state, event, limits),
        start: (id: string, delay: number) => this.#start(id, delay),
        forget: (id: string) => this.#forget(state, id, limits),
      }
    );
  }

  #start(id: string, delay: number): void {
    const { jobs, wake } = this.#options;
    jobs.hold(id, "due");
    if (delay > 0) return this.later(id, delay);
    jobs.release(id);
    wake?.();
  }

  /** Releases the event after `ms`, when the rate allows it. */
  later(id: string, ms: number): void {
    void this.#after(ms, () => this.#options.jobs.release(id));
  }

  async #after(ms: number, then: () => void): Promise<void> {
    const { sleep, wake } = this.#options;
    await sleep(ms);
    then();
    wake?.();
  }

  #forget(state: State, id: string, limits: Limits): void {
    const event = state.events.get(id);
    if (!event) return;
    const floor = this.#floor(state, limits);
    if (floor) setDown(floor, id);
    state.events.delete(id);
    const [head] = event.key === "" ? [] : lineOf(state, event.key);
    if (head?.[1].in === "behind") head[1].in = "waits";
  }
}
