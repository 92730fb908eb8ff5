import { pino } from "pino";
import { Confirmer } from "../../../src/core/confirmer.ts";
import { PermanentError, RetryAfterError } from "../../../src/core/errors.ts";
import type { Handlers } from "../../../src/core/handlers.ts";
import type { Gate } from "../../../src/core/limits.ts";
import { handlersOf, LIMITS } from "./limits.ts";
import { createHolder } from "../../../src/core/holder.ts";
import { Poller } from "../../../src/core/poller.ts";
import { Processor } from "../../../src/core/processor.ts";
import { sleep } from "../../../src/core/sleep.ts";
import type { CallbackEvent } from "../../../src/core/event.ts";
import type { BatchContext, Batched, HandlerContext } from "../../../src/core/handler.ts";
import type { Inbox } from "../../../src/core/inbox.ts";
import type { RedisCrashes } from "../../../src/ledger/crashes.ts";
import type { Meter } from "../../../src/core/meter.ts";
import type { Link } from "./link.ts";
import type { ModelInbox } from "./store.ts";
import { pour, takeStep } from "./effects.ts";
import { sourceOver } from "./network.ts";
import { Runner } from "./runner.ts";
import { never, type World } from "./world.ts";

type Handled = Batched & Pick<HandlerContext, "signal"> & Partial<HandlerContext>;

const log = pino({ level: "silent" });
const meter: Meter = { count: () => {}, observe: () => {} };
const GRACE_MS = 25_000;
const LOOK_MS = 2_000;

/** One process with the real core, put together like the app. It may die at any point. */
export class Replica {
  readonly link: Link;
  readonly runner: Runner;
  readonly #world: World;
  readonly #inbox: ModelInbox;
  readonly #poller: Poller;
  readonly #processor: Processor;
  readonly #confirmer: Confirmer;
  /** Bodies whose handlers run here. A body never runs twice at the same time. */
  readonly #running = new Set<string>();
  /** Events whose handlers gave up because the process is stopping. */
  readonly #broken = new Set<string>();
  /** Events whose handlers fail here after another replica succeeded. */
  readonly #lost = new Set<string>();
  /** The event that runs alone in this process. */
  #alone: string | undefined;
  readonly #lookAtLimits: () => Promise<void>;

  constructor(link: Link, world: World) {
    this.link = link;
    this.#world = world;
    const source = sourceOver(link, world);
    const inbox = world.store.connect(link);
    this.#inbox = inbox;
    this.#confirmer = new Confirmer({ source, inbox, log, meter });
    const confirm = this.#confirmer.add;
    const handlers = handlersOf(
      world.schedule,
      (context) => this.#handle(context),
      (events, context) => this.#handleAll(events, context),
    );
    const gate = world.store.gate(link);
    this.#lookAtLimits = () => this.#look(handlers.limited, gate);
    const accept: Inbox["accept"] = (terms, sent, deliveries) => {
      for (const { receipt } of deliveries) link.brought.delete(receipt);
      return inbox.accept(terms, sent, deliveries);
    };
    this.#poller = new Poller({
      source,
      inbox: { ...inbox, accept },
      confirm,
      parked: world.schedule.parked,
      log,
      meter,
      failed: (err) => world.violated(`a poller ended by itself: ${String(err)}`),
    });
    const hold = createHolder({ sources: [source], inbox, confirm, log });
    const store = world.store.crashes(link);
    const crashes: RedisCrashes = {
      ...store,
      startAlone: (start) => {
        this.#startAlone(start.event.id);
        return store.startAlone(start);
      },
    };
    const { maxCrashes } = world.schedule;
    const takeMore = (isWanted: boolean): void => this.#takeMore(isWanted);
    const isolation = maxCrashes === undefined ? {} : { isolation: { crashes, maxCrashes, takeMore } };
    const steps = world.store.steps(link);
    const sink = {
      ...LIMITS,
      name: "the sink",
      run: (context: HandlerContext) => pour(this, world, context),
      notes: inbox,
    };
    const parts = { handlers, inbox, gate, steps, sink, confirm, hold, ...isolation };
    this.#processor = new Processor({ ...parts, unhandled: "park", log, meter });
    this.runner = new Runner({
      world,
      link,
      processor: this.#processor,
      excuse: ({ event, attempt: { number, startAfterStall = 1 }, lock }) =>
        crashes.excuse({ event, attempt: number, start: startAfterStall }, lock),
      onEnd: (event, outcome) => {
        if (outcome.kind === "parked" || outcome.kind === "retry") this.#failed(event);
        if (outcome.kind === "parked") world.limits.over(event.id, "parked");
        if (outcome.kind === "parked" && outcome.error.message.includes("crashed")) world.met("parked for its crashes");
      },
    });
  }

  start(): void {
    this.#world.trace(`${this.link.name} starts`);
    this.runner.look();
    this.#poller.start();
    void this.#lookAtLimits();
  }

  /** Stops in the same order as the app. */
  async stop(): Promise<void> {
    const { reference, trace, violated } = this.#world;
    const { link } = this;
    if (link.stopping) return;
    trace(`${link.name} stops`);
    link.stopping = true;
    const until = (share: number): AbortSignal => AbortSignal.timeout(GRACE_MS * share);
    const [handlersEnd, completionsEnd, receiptsEnd] = [until(0.75), until(0.88), until(1)];
    this.runner.pause();
    await Promise.all([this.#poller.stop(handlersEnd), this.#processor.drain(handlersEnd, GRACE_MS * 0.08)]);
    await this.runner.close(completionsEnd);
    await this.#confirmer.close(receiptsEnd);
    if (!completionsEnd.aborted && !link.dead) {
      if (reference.unnotedBy(link) > 0)
        violated(`${link.name} stopped, and the store never heard of all its successes`);
      if (link.brought.size > 0) violated(`${link.name} stopped, and dropped what its last pull brought`);
    }
    link.die("stopped");
  }

  async discard(event: CallbackEvent): Promise<void> {
    const { confirmation } = await this.#inbox.discard(event);
    if (confirmation) this.#confirmer.add(confirmation);
  }

  /** An operator marks a handled event as confirmed. */
  async end(event: CallbackEvent): Promise<void> {
    await this.#inbox.end(event);
  }

  /** Looks at the limits like the app does. */
  async #look(limited: Handlers["limited"], gate: Pick<Gate, "look">): Promise<void> {
    while (limited.length > 0 && !this.link.dead && !this.link.stopping) {
      for (const limits of limited) await gate.look(limits).catch(() => {});
      // Takes the events whose batch is due.
      this.runner.look();
      await sleep(LOOK_MS);
    }
  }

  #takeMore(isWanted: boolean): void {
    if (isWanted) this.#alone = undefined;
    this.runner.takeMore(isWanted);
  }

  #startAlone(id: string): void {
    const { met, trace, violated } = this.#world;
    met("isolated");
    trace(`${this.link.name} is to run ${id} alone`);
    this.#alone = id;
    if (this.#running.size > 0) violated(`${this.link.name} runs ${[...this.#running].join(", ")} beside ${id}`);
  }

  #failed({ id }: CallbackEvent): void {
    const { name, refused } = this.link;
    if (this.#broken.has(id)) this.#world.violated(`${name} broke ${id} off, and counts an attempt`);
    if (this.#lost.delete(id) && !refused.has("ran"))
      this.#world.violated(`${id} was handled elsewhere, and failed in ${name} after that`);
  }

  /** Handles a batch in one place. Each event ends as the schedule says. If one fails for good, sometimes all do. */
  async #handleAll(events: readonly Batched[], { signal }: BatchContext): Promise<ReadonlyMap<string, unknown>> {
    const { met, limits } = this.#world;
    const [carrier] = events;
    if (!carrier) throw new Error("a batch of none");
    met(events.length > 1 ? "batch" : "batch of one");
    const others = events.slice(1).map(({ event }) => event);
    limits.carries(carrier.event.id, others);
    const ended = limits.begins(this.link, carrier.event);
    const wrong = new Map<string, unknown>();
    try {
      await Promise.all(
        events.map(async ({ event, attempt }) => {
          await this.#handle({ event, attempt, signal }).catch((err: unknown) => wrong.set(event.id, err));
        }),
      );
    } finally {
      ended();
    }
    return wrong;
  }

  async #handle(context: Handled): Promise<void> {
    try {
      await this.#handleOnce(context);
    } catch (err) {
      const { event, attempt } = context;
      const isLast = attempt >= LIMITS.attempts && !(err instanceof RetryAfterError) && !this.link.stopping;
      this.#world.limits.failed(event.id, !isLast && !(err instanceof PermanentError));
      throw err;
    }
  }

  async #handleOnce(context: Handled): Promise<void> {
    const { event, signal, attempt, step } = context;
    const { reference, trace, nextRun, violated } = this.#world;
    const { name } = this.link;
    const { ms, end, ...about } = nextRun();
    const steps = step ? (about.steps ?? 0) : 0;
    const began = performance.now();
    if (this.link.dead) return await never();
    const body = String(event.body["body"]);
    trace(`${name} runs ${event.id} ${body}: attempt ${attempt}, ${steps} steps, ${ms} ms, ${end}`);
    if (this.link.stopping) violated(`${name} starts ${body} though it stops`);
    if (this.#running.has(body)) violated(`${name} starts ${body} beside itself`);
    if (this.#alone !== undefined && this.#alone !== event.id) violated(`${name} starts ${body} beside ${this.#alone}`);
    this.#running.add(body);
    const ended = step ? this.#world.limits.begins(this.link, event) : () => {};
    try {
      if (step)
        for (let n = 1; n <= steps; n++)
          await takeStep(this, this.#world, { event, signal, step }, `step ${n}`, ms / (steps + 1));
      await sleep(ms / (steps + 1), signal);
      if (this.link.dead) return await never();
    } finally {
      this.#running.delete(body);
      ended();
    }
    if (signal.aborted && String(signal.reason).includes("stopping")) this.#broken.add(event.id);
    if (end !== "ok" && reference.isHandled(event)) this.#lost.add(event.id);
    signal.throwIfAborted();
    if (end === "asks for time") throw new RetryAfterError("not yet", 4_000, { usesAttempt: false });
    if (end === "fails for good") throw new PermanentError("the handler says never");
    if (end === "fails") throw new Error("the handler failed");
    trace(`${name} ran ${event.id} ${body}`);
    reference.ran(event, this.link, began);
  }
}
