/**
 * A worker in memory and in virtual time. Pauses, timeouts and its own `sleep` take no real time. Virtual time stands
 * still while a handler does something real, such as a database query. It jumps ahead once every running handler waits
 * in `sleep`.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate, setTimeout } from "node:timers/promises";
import type { Logger } from "pino";
import type { CallbackEvent } from "../core/event.ts";
import type { Handler } from "../core/handler.ts";
import type { HandlerDefaults } from "../core/handlers.ts";
import type { Carried, CarriedEnd } from "../core/limits.ts";
import type { Outcome } from "../core/runs.ts";
import { createLimits } from "./limits.ts";
import { createProcessor, resolveHandlers } from "./processor.ts";
import { VirtualTime } from "./virtual-time.ts";

export type WorkerOptions = Partial<HandlerDefaults> & {
  /** How many events are handled at a time. 32 by default. */
  readonly concurrency?: number;
  /** Silent by default. */
  readonly log?: Logger;
  /** The longest real time for which a handler may neither end nor wait in `sleep`. 10 s by default. */
  readonly patienceMs?: number;
};

/** One attempt of an event. Times are milliseconds since the worker was made. */
export type Attempted = {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly outcome: "handled" | "retry" | "parked";
  /** The worker's description of the failure, in one line. */
  readonly error?: string;
};

export type Life = {
  readonly event: CallbackEvent;
  /** Changes while the worker works. */
  readonly state: "waiting" | "running" | "delayed" | "handled" | "parked";
  readonly attempts: readonly Attempted[];
};

export type TestWorker = {
  /** Milliseconds since the worker was made. */
  readonly now: () => number;
  /** Accepts an event, which runs in `settle`. A copy of an event that is still unhandled counts as the same event. */
  readonly accept: (event: CallbackEvent) => Life;
  /** Works until no event can run any more, or until that time. */
  readonly settle: (untilMs?: number) => Promise<void>;
  /**
   * Waits in virtual time; use it in stand-ins for slow services. Rejects with the signal's reason when that aborts.
   */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
};

type Entry = Life & { state: Life["state"]; readonly attempts: Attempted[] };
type Run = { readonly entry: Entry; asleep: number };

const runs = new AsyncLocalStorage<Run>();

export function createWorker(
  handlers: Handler | readonly Handler[],
  { concurrency = 32, patienceMs = 10_000, log, ...defaults }: WorkerOptions = {},
): TestWorker {
  const time = new VirtualTime();
  // No jitter: each pause has its maximum length.
  const entries: Entry[] = [];
  /** Events that wait for a limit of their handler. */
  const held = new Set<Entry>();
  const carriedFrom = new Map<Entry, number>();
  /** Events that wait for a batch, or run in the batch of another event. */
  const gathered = new Set<Entry>();
  const resolved = resolveHandlers(handlers, defaults);
  const gate = createLimits({
    now: () => time.now,
    timer: time.timer,
    freed: () => held.clear(),
    attemptOf,
    release: (id) => gathered.delete(entryOf(id)),
    begin,
    end,
  });
  const processor = createProcessor(handlers, { ...defaults, log, timer: time.timer, chance: () => 1, gate });
  /** The number of attempts that do not count. */
  const putOff = new Map<Entry, number>();
  const running = new Set<Run>();
  let changed = Promise.withResolvers<void>();
  return { now: () => time.now, accept, settle, sleep };

  function accept(event: CallbackEvent): Life {
    const known = entries.find((entry) => entry.state !== "handled" && isSame(entry.event, event));
    if (known) return known;
    const entry: Entry = { event, state: "waiting", attempts: [] };
    entries.push(entry);
    waitOn(entry);
    return entry;
  }

  async function settle(untilMs = Infinity): Promise<void> {
    for (;;) {
      startWhatWaits();
      // A handler that waits for nothing real ends, or calls `sleep`, within one turn of the event loop.
      await setImmediate();
      if (await oneIsAwake()) continue;
      if (entries.some(isStartable) && running.size < concurrency) continue;
      if (time.nextAt > untilMs || time.nextAt === Infinity) break;
      time.jumpTo(time.nextAt);
    }
    if (untilMs !== Infinity) time.jumpTo(Math.max(untilMs, time.now));
  }

  function startWhatWaits(): void {
    for (const entry of entries.filter(isStartable)) {
      if (running.size >= concurrency) return;
      const run: Run = { entry, asleep: 0 };
      running.add(run);
      entry.state = "running";
      void runs.run(run, start, run);
    }
  }

  function isStartable(entry: Entry): boolean {
    return entry.state === "waiting" && !held.has(entry) && !gathered.has(entry);
  }

  async function start(run: Run): Promise<void> {
    const { entry } = run;
    const startedAtMs = time.now;
    const number = attemptOf(entry.event.id);
    const outcome = await processor.process(entry.event, { number, startedBefore: entry.attempts.length > 0 });
    record(entry, outcome, startedAtMs);
    running.delete(run);
    tellChange();
  }

  function record(entry: Entry, outcome: Outcome, startedAtMs: number): void {
    if (outcome.kind === "held") return hold(entry, outcome.afterMs);
    const ended = { startedAtMs, endedAtMs: time.now };
    if (outcome.kind === "retry" || outcome.kind === "parked")
      entry.attempts.push({ ...ended, outcome: outcome.kind, error: outcome.error.message });
    else entry.attempts.push({ ...ended, outcome: "handled" });
    if (outcome.kind === "retry" && outcome.usesAttempt === false) putOff.set(entry, (putOff.get(entry) ?? 0) + 1);
    if (outcome.kind === "retry") delay(entry, outcome.afterMs);
    else entry.state = outcome.kind === "parked" ? "parked" : "handled";
  }

  function attemptOf(id: string): number {
    const entry = entryOf(id);
    return entry.attempts.length - (putOff.get(entry) ?? 0) + 1;
  }

  function entryOf(id: string): Entry {
    const entry = entries.findLast(({ event }) => event.id === id);
    if (!entry) throw new Error(`the worker has no event ${id}`);
    return entry;
  }

  /** Starts the event in the batch of another one. */
  function begin(id: string): Carried {
    const entry = entryOf(id);
    entry.state = "running";
    carriedFrom.set(entry, time.now);
    return { event: entry.event, attempt: attemptOf(id), startedBefore: entry.attempts.length > 0 };
  }

  function end({ id, outcome }: CarriedEnd): void {
    const entry = entryOf(id);
    record(entry, outcome, carriedFrom.get(entry) ?? time.now);
  }

  /** `afterMs`: there is a free place, and the rate allows the start after this time. */
  function hold(entry: Entry, afterMs: number | undefined): void {
    if (afterMs !== undefined) return delay(entry, afterMs);
    entry.state = "waiting";
    held.add(entry);
  }

  function delay(entry: Entry, afterMs: number): void {
    entry.state = "delayed";
    time.timer(afterMs, () => waitOn(entry));
  }

  function waitOn(entry: Entry): void {
    entry.state = "waiting";
    const limits = resolved.find(entry.event)?.limits;
    if (!limits?.batch) return;
    gathered.add(entry);
    gate.gather(entry.event, limits);
  }

  /** Whether a handler runs outside `sleep`. If so, resolves only after a change. */
  async function oneIsAwake(): Promise<boolean> {
    const awake = [...running].find(({ asleep }) => asleep === 0);
    if (!awake) return false;
    const patience = new AbortController();
    const change = changed.promise.then(() => true);
    const late = setTimeout(patienceMs, false, { signal: patience.signal }).catch(() => true);
    const isChanged = await Promise.race([change, late]);
    patience.abort();
    if (isChanged) return true;
    throw new Error(
      `the handler of ${awake.entry.event.type} neither ended nor waited in the worker's sleep for ${patienceMs} ms: ` +
        "let the fake of its slow service wait in worker.sleep(ms, signal)",
    );
  }

  async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const run = runs.getStore();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const clear = time.timer(ms, resolve);
    const giveUp = (): void => reject(signal?.reason);
    signal?.addEventListener("abort", giveUp, { once: true });
    if (run) run.asleep += 1;
    tellChange();
    try {
      await promise;
    } finally {
      clear();
      signal?.removeEventListener("abort", giveUp);
      if (run) run.asleep -= 1;
    }
  }

  function tellChange(): void {
    const { resolve } = changed;
    changed = Promise.withResolvers<void>();
    resolve();
  }
}

function isSame(one: CallbackEvent, other: CallbackEvent): boolean {
  return one.id === other.id || (other.door === "pull" && one.fingerprint === other.fingerprint);
}
