/**
 * One event's run, always in this order: find its handler, run it, record its success, pass its receipt on. Two starts
 * of one event join, see `runs.ts`.
 */
import { type EndedAttempt, type Failure, runAttempt } from "./attempt.ts";
import { type BatchMember, runBatch } from "./batch.ts";
import { PermanentError } from "./errors.ts";
import { type EventLog, eventLog, identityOf } from "./event-log.ts";
import { afterFailure, type FailedAttempt, parked } from "./failed-attempt.ts";
import type { BatchRun } from "./handler.ts";
import type { ResolvedHandler } from "./handlers.ts";
import type { Hold } from "./holder.ts";
import type { ProcessorOptions } from "./processor-options.ts";
import { Isolation } from "./isolation.ts";
import { OFTEN } from "./log-groups.ts";
import { settledBefore } from "./sleep.ts";
import type { Sink } from "./sink.ts";
import { type CallbackEvent, UNREADABLE } from "./event.ts";
import type { Left, Marked } from "./inbox.ts";
import type { Carried } from "./limits.ts";
import { endCarried, enterGate, leaveGate } from "./pass-gate.ts";
import { type Ended, endedAs, type Outcome, Runs } from "./runs.ts";
import { noteWait } from "./queue-wait.ts";
import { Storing } from "./storing.ts";
import { unfailingLog, unfailingMeter } from "./unfailing.ts";

export type Attempt = {
  /** 1 for the first. */
  readonly number: number;
  /** Which of the job's starts this is. */
  readonly nth?: number;
  /** Whether any process has started this job before. */
  readonly startedBefore: boolean;
  /** The number of this start, if an earlier one never ended: its process crashed, froze, or lost its lock. */
  readonly startAfterStall?: number | undefined;
};

type StartOptions = { readonly poison?: Error | undefined; readonly isAlone?: boolean };

export class Processor {
  readonly #options: ProcessorOptions;
  readonly #runs = new Runs();
  readonly #storing: Storing;
  readonly #isolation: Isolation | undefined;
  readonly #stopping = new AbortController();
  readonly #ending = new AbortController();

  /** On this process's monotonic clock; undefined until it starts its first event. */
  lastStartedAt: number | undefined;

  constructor(options: ProcessorOptions) {
    const { log, meter } = options;
    this.#options = { ...options, log: unfailingLog(log), meter: unfailingMeter(meter) };
    this.#storing = new Storing(this.#options.log);
    this.#isolation = options.isolation && new Isolation(options.isolation);
  }

  /** When the oldest success that is not recorded yet began to wait, on the clock of `performance`. */
  get storingSince(): number | undefined {
    return this.#storing.since;
  }

  /** How many events this process is running. */
  get running(): number {
    return this.#runs.count;
  }

  async process(event: CallbackEvent, attempt: Attempt): Promise<Outcome> {
    return await this.#runs.join(event, {
      start: () => this.#start(event, attempt),
      takeOver: async () => (await this.#store(event, true)).stored,
    });
  }

  /** Starts no more events and waits for every run. Once `signal` aborts, handlers must give up within `lastWordMs`. */
  async drain(signal: AbortSignal, lastWordMs: number): Promise<void> {
    this.#stopping.abort();
    const ended = this.#runs.end();
    if (await settledBefore(ended, signal)) return;
    this.#ending.abort(new Error("the process is stopping"));
    await settledBefore(ended, AbortSignal.timeout(lastWordMs));
  }

  async #start(event: CallbackEvent, attempt: Attempt): Promise<Ended> {
    const stopping = this.#stopping.signal;
    if (stopping.aborted) return endedAs({ kind: "returned" });
    const log = eventLog(this.#options.log, event);
    const start = async ({ poison, isAlone = false }: StartOptions = {}): Promise<Ended> => {
      this.lastStartedAt = performance.now();
      const ended = await this.#run(event, attempt, log, { poison, isAlone });
      const { gate, handlers } = this.#options;
      const limits = gate && handlers.find(event)?.limits;
      if (limits) await leaveGate(gate, event, limits, ended.outcome, log, { nth: attempt.nth });
      return ended;
    };
    const { inbox, sink } = this.#options;
    const hasRun = async (): Promise<boolean> =>
      (await inbox.ran(event)) || (await sink?.notes.succeededIn(event)) !== undefined;
    return await (this.#isolation?.run({ event, attempt, stopping, log, hasRun, start }) ?? start());
  }

  async #run(event: CallbackEvent, attempt: Attempt, log: EventLog, { poison, isAlone }: StartOptions): Promise<Ended> {
    const { handlers, unhandled, meter } = this.#options;
    const { number, startedBefore } = attempt;
    const labels = { source: event.source, type: event.type };
    const earlier = startedBefore || poison ? await this.#ranBefore(event, attempt, log, poison) : undefined;
    if (earlier) return earlier;
    // Unreadable events are always parked for a person. A catch-all handler must not consume them.
    const unreadable = event.type === UNREADABLE;
    const handler = unreadable ? undefined : handlers.find(event);
    if (!handler && (unreadable || unhandled === "park")) {
      const error = new PermanentError(
        unreadable
          ? "the vendor's text cannot be read; it is kept as it came"
          : `no handler for ${event.vendor} ${event.type}: add one and retry, or set UNHANDLED=confirm`,
      );
      return endedAs(parked(error, event, log, meter));
    }
    if (!handler) {
      log().warn("no handler, dropped because UNHANDLED=confirm");
      meter.count("dropped", { ...labels, why: "unhandled" });
      await this.#store(event, false);
      return endedAs({ kind: "dropped" });
    }
    const { gate } = this.#options;
    let carried: readonly Carried[] = [];
    // A handler without limits has no gate.
    if (gate && handler.limits) {
      const entry = await enterGate(gate, handler, event, { isAlone, nth: attempt.nth });
      if ("thrown" in entry)
        return endedAs(await this.#failed({ failure: entry, left: {}, ranForMs: 0, handler, event, number, log }));
      if (entry.kind === "held") return endedAs(entry);
      if (this.#stopping.signal.aborted) return endedAs({ kind: "returned" });
      ({ carried = [] } = entry);
    }
    const started = performance.now();
    if (!startedBefore && !poison) noteWait(meter, event);
    if (handler.batch)
      return await this.#runBatch(handler, handler.batch, { event, number, log, nth: attempt.nth }, carried, started);
    const { failure, left } = await this.#attempt(handler, event, number, log);
    const ranForMs = performance.now() - started;
    meter.observe("handler_ms", labels, ranForMs);
    if (failure) return endedAs(await this.#failed({ failure, left, ranForMs, handler, event, number, log }));
    return await this.#finish(event, { number, log, left }, started);
  }

  /** How the event ends without a run: an earlier run had succeeded, or it may not run any more. */
  async #ranBefore(
    event: CallbackEvent,
    { number, startedBefore }: Attempt,
    log: EventLog,
    poison?: Error,
  ): Promise<Ended | undefined> {
    const { inbox, sink, meter } = this.#options;
    if (!startedBefore) noteWait(meter, event);
    if (startedBefore && (await inbox.ran(event))) {
      log().info("an earlier run had succeeded, nothing to do");
      return endedAs({ kind: "handled" });
    }
    const succeededIn = startedBefore ? await sink?.notes.succeededIn(event) : undefined;
    // The check above may have taken long.
    if (this.#stopping.signal.aborted) return endedAs({ kind: "returned" });
    if (poison) return endedAs(parked(poison, event, log, meter));
    if (succeededIn === undefined) return undefined;
    return await this.#finish(event, { number, succeededIn, log, left: { hasSteps: true } });
  }

  async #runBatch(
    handler: ResolvedHandler,
    batch: BatchRun,
    carrier: BatchMember & { readonly nth: number | undefined },
    carried: readonly Carried[],
    started: number,
  ): Promise<Ended> {
    const { gate, meter, hold, log } = this.#options;
    return await runBatch({
      batch,
      carrier,
      carried,
      runs: this.#runs,
      eventLog: log,
      ranBefore: ({ event, number, log: own }, startedBefore) => this.#ranBefore(event, { number, startedBefore }, own),
      attempt: async (members, run) => {
        const holdAll: Hold = (_, running) => members.forEach(({ event }) => hold?.(event, running));
        const options = { ...this.#options, hold: holdAll, ending: this.#ending.signal };
        const { event, number, log: own } = carrier;
        const ended = await runAttempt({ ...options, handler: { ...handler, run }, event, attempt: number, log: own });
        meter.observe("handler_ms", { source: event.source, type: event.type }, performance.now() - started);
        return ended;
      },
      succeeded: ({ event, ...about }, left) => this.#finish(event, { ...about, left }, started),
      failed: (member, failure, left) =>
        this.#failed({ ...member, failure, left, ranForMs: performance.now() - started, handler }),
      endCarried: (ends) => endCarried(gate, carrier.event, handler.limits, ends, carrier.log, { nth: carrier.nth }),
    });
  }

  /** Called after the handler succeeded. `succeededIn`: that was in this earlier attempt, and only the sink failed. */
  async #finish(
    event: CallbackEvent,
    { number, succeededIn, log, left }: { number: number; succeededIn?: number; log: EventLog; left: Left },
    started = performance.now(),
  ): Promise<Ended> {
    const { sink, meter } = this.#options;
    const failure = sink && (await this.#pour(sink, event, number, log));
    if (failure) {
      // Then no process runs the handler again in the next attempt.
      const note = (): Promise<void> => sink.notes.noteSuccess(event, number);
      if (succeededIn === undefined) await this.#storing.untilStored(event, note);
      const nth = number - (succeededIn ?? number) + 1;
      const fact = `handled, and ${sink.name} failed`;
      const ranForMs = performance.now() - started;
      return endedAs(await this.#failed({ failure, left, ranForMs, handler: sink, event, number: nth, log, fact }));
    }
    const { isLost = false } = await this.#store(event, true, started, left);
    meter.count("handled", { source: event.source, type: event.type });
    const about = { attempt: number, ms: Math.round(performance.now() - started) };
    if (number > 1) log().info({ ...OFTEN, ...about }, "handled, after attempts that failed");
    else this.#options.log.debug({ ...identityOf(event), ...about }, "handled");
    return { outcome: { kind: "handled" }, isLost };
  }

  async #attempt(
    handler: ResolvedHandler,
    event: CallbackEvent,
    attempt: number,
    log: EventLog,
  ): Promise<EndedAttempt> {
    return await runAttempt({ ...this.#options, handler, event, attempt, log, ending: this.#ending.signal });
  }

  /** Does not extend the window: a redelivery starts no run, and extending would cost calls for each event. */
  async #pour(sink: Sink, event: CallbackEvent, attempt: number, log: EventLog): Promise<Failure | undefined> {
    const options = { ...this.#options, hold: undefined, ending: this.#ending.signal };
    return (await runAttempt({ ...options, handler: sink, what: sink.name, event, attempt, log })).failure;
  }

  async #failed(failed: FailedAttempt): Promise<Outcome> {
    return await afterFailure(failed, { ...this.#options, ending: this.#ending.signal });
  }

  /** Records the success, however long that takes, and passes the receipt on. */
  async #store(event: CallbackEvent, ran: boolean, began?: number, left?: Left): Promise<Marked> {
    const ranForMs = (): number => (began === undefined ? 0 : performance.now() - began);
    const marked = await this.#storing.untilStored(event, () => this.#options.inbox.mark(event, ran, ranForMs(), left));
    if (marked.confirmation) this.#options.confirm(marked.confirmation);
    return marked;
  }
}
