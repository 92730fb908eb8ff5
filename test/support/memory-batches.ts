import type { BatchTerms, Carried, CarriedEnd, Entry } from "../../src/core/limits.ts";
import type { Passing } from "./memory-gate-state.ts";
import type { MemoryJobs } from "./memory-jobs.ts";

const ALONE_AFTER = 2;
const STARTED_BY_HAND_MS = 1_000;

/** The part of a handler's gate that its batches use. */
type Floor = {
  readonly events: Map<string, Passing>;
  readonly batch: BatchTerms;
  readonly jobs: MemoryJobs;
  readonly now: number;
  readonly isPaused: boolean;
  /** Sorted by `seq`. */
  readonly in: (place: Passing["in"]) => readonly (readonly [string, Passing])[];
  readonly nextSeq: () => number;
  readonly hasPlace: () => boolean;
  /** Returns the ms until the event may start. */
  readonly givePlace: (event: Passing) => number;
  readonly start: (id: string, delay: number) => void;
  readonly forget: (id: string) => void;
};

/** Returns undefined if the event has its place and may start. */
export function enterBatch(floor: Floor, id: string, event: Passing): Entry | undefined {
  const { batch, isPaused } = floor;
  if (event.in === "carried") return { kind: "later", afterMs: STARTED_BY_HAND_MS };
  if (isPaused && event.in === "places") {
    setDown(floor, id);
    event.in = "waits";
    return { kind: "held" };
  }
  if (event.in === "places") return undefined;
  if (event.in === "rests") event.seq = floor.nextSeq();
  event.in = "waits";
  const afterMs = lingersFor(floor, event);
  if (afterMs > 0 && floor.in("waits").length < Math.min(batch.size, mostWith(floor, id)))
    return { kind: "later", afterMs };
  if (!floor.hasPlace()) return { kind: "held" };
  floor.givePlace(event);
  return undefined;
}

/** The members that join the carrier's batch. */
export function takeAlong(floor: Floor, carrier: string, isAlone: boolean): readonly Carried[] {
  const { jobs } = floor;
  setDown(floor, carrier, true);
  const members: Carried[] = [];
  let most = isAlone ? 1 : mostWith(floor, carrier);
  for (const [id, event] of floor.in("waits")) {
    if (members.length + 1 >= most) break;
    const own = mostWith(floor, id);
    if (!jobs.delayed(id) || own < members.length + 2) continue;
    most = Math.min(most, own);
    Object.assign(event, { in: "carried", carrier });
    members.push(jobs.carry(id));
  }
  return members;
}

/** The events that the carrier still carries wait again. */
export function setDown({ events, jobs, forget }: Floor, carrier: string, hasStalled = false): void {
  for (const [id, event] of events) {
    if (event.in !== "carried" || event.carrier !== carrier) continue;
    if (jobs.isOver(id)) forget(id);
    else event.in = "waits";
    jobs.setDown(id);
    if (hasStalled) jobs.countStall(id);
  }
}

export function giveBatches(floor: Floor): void {
  const { batch, jobs } = floor;
  while (floor.hasPlace()) {
    const taken = floor.in("places").filter(([, { runs }]) => !runs).length * (batch.size - 1);
    const first = firstAfter(floor, taken);
    if (!first) return;
    const [id, event] = first;
    const waiting = floor.in("waits").length - taken;
    const ms = lingersFor(floor, event);
    if (ms > 0 && waiting < Math.min(batch.size, mostWith(floor, id))) {
      if (jobs.held(id)) floor.start(id, ms);
      return;
    }
    floor.start(id, floor.givePlace(event));
  }
}

/** Records how a carried event ended. `dueIn` is missing if the event gets no retry, or is no longer carried. */
export function endCarried(floor: Floor, carrier: string, { id, outcome }: CarriedEnd): { readonly dueIn?: number } {
  const { events, jobs, now, forget } = floor;
  const event = events.get(id);
  if (event?.in !== "carried" || event.carrier !== carrier) return {};
  const isDelayed = jobs.delayed(id);
  jobs.setDown(id);
  if (!jobs.has(id)) forget(id);
  else if (outcome.kind === "returned" || outcome.kind === "held") event.in = "waits";
  else if (outcome.kind === "retry") {
    Object.assign(event, { in: "rests", since: now });
    if (isDelayed && outcome.usesAttempt === false) jobs.putOff(id);
    else if (isDelayed) jobs.delay(id);
    return isDelayed ? { dueIn: outcome.afterMs } : {};
  } else {
    if (isDelayed && outcome.kind === "parked") jobs.park(id);
    else if (isDelayed) jobs.finish(id);
    forget(id);
  }
  return {};
}

/** The first waiting event after skipping `count` of them. */
function firstAfter(floor: Floor, count: number): readonly [string, Passing] | undefined {
  const { jobs, forget } = floor;
  for (const [id, event] of floor.in("waits").slice(count)) {
    if (jobs.isOver(id) || jobs.parked(id)) forget(id);
    else if (jobs.delayed(id)) return [id, event];
  }
  return undefined;
}

function lingersFor({ batch, now }: Floor, { seq }: Passing): number {
  const ms = Math.floor(seq / 1_000) + batch.lingerMs - now;
  return ms > batch.lingerMs ? 0 : ms;
}

function mostWith({ batch, jobs }: Floor, id: string): number {
  const { stalls = 0, failures = 0 } = jobs.counts(id) ?? {};
  return stalls >= ALONE_AFTER ? 1 : Math.max(1, Math.ceil(batch.size / 2 ** failures));
}
