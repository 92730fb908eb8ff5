import type { CallbackEvent, Owed, SourceTerms } from "../../src/core/types.ts";
import type { MemoryInbox } from "./memory-inbox.ts";
import type { ModelDice, ModelTime } from "./model-time.ts";
import type { ModelVendor } from "./model-vendor.ts";

/** What became of a handler's success; `died`: the process, before it could say so. */
export type RunEnd = "stored" | "not stored" | "died";

export type ModelWorld = {
  readonly source: SourceTerms;
  readonly time: ModelTime;
  readonly dice: ModelDice;
  readonly vendor: ModelVendor;
  readonly inbox: MemoryInbox;
  /** Whether things still go wrong. */
  readonly chaos: () => boolean;
  readonly seen: {
    ran(body: string, end: RunEnd): void;
    /** A confirmation took effect and nobody heard of it. */
    unheard(body: string): void;
    died(): void;
  };
};

const LANES = 2;
const SLOTS = 8;
/** How often it is looked for jobs and deliveries: coarse, since every look costs. */
const LOOK_MS = 1_000;
const LINGER_MS = 200;
const LONG_POLL_MS = 5_000;
const PULL_TIMEOUT_MS = 10_000;
const CALL_MS = 5_000;

/** One replica: pulls, runs handlers, confirms, and may die at any point, losing all it had in memory. */
export class ModelProcess {
  readonly #world: ModelWorld;
  readonly #running = new Set<CallbackEvent>();
  readonly #owed = new Map<string, Owed>();
  #dead = false;

  constructor(world: ModelWorld) {
    this.#world = world;
    for (let lane = 0; lane < LANES; lane++) this.#soon(0, () => this.#pull());
    this.#soon(0, () => this.#work());
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** What it ran is found out and started elsewhere, a while later. */
  die(): void {
    if (this.#dead) return;
    this.#dead = true;
    const { time, dice, inbox, seen } = this.#world;
    seen.died();
    for (const event of this.#running)
      time.after(10_000 + dice.below(20_000), () => {
        if (this.#holds(event)) inbox.jobs.giveBack(event.id);
      });
  }

  /** What this process wants to do later, if it lives. */
  #soon(ms: number, run: () => void | Promise<void>): void {
    this.#world.time.after(ms, () => (this.#dead ? undefined : run()));
  }

  #mishap(percent: number): boolean {
    return this.#world.chaos() && this.#world.dice.chance(percent);
  }

  #pull(): void {
    const { time, dice } = this.#world;
    const sent = time.now();
    // The request is on its way, whatever becomes of this process.
    time.after(dice.below(300), () => this.#hold(sent, time.now()));
  }

  #hold(sent: number, arrived: number): void {
    const { time, dice, vendor } = this.#world;
    const deliveries = vendor.deliver(time.now());
    if (deliveries.length === 0 && time.now() - arrived < LONG_POLL_MS)
      return time.after(LOOK_MS, () => this.#hold(sent, arrived));
    if (this.#mishap(5)) return this.#soon(sent + PULL_TIMEOUT_MS - time.now(), () => this.#pull());
    // Now and then the process is stopped for so long that the answer is stale when it is read.
    const delayMs = this.#mishap(3) ? dice.below(60_000) : dice.below(500);
    this.#soon(delayMs, async () => {
      if (deliveries.length === 0) await this.#world.inbox.drained(this.#world.source, sent);
      else await this.#accept(sent, deliveries);
      this.#pull();
    });
  }

  async #accept(sent: number, deliveries: Parameters<MemoryInbox["accept"]>[2]): Promise<void> {
    const { inbox, source, vendor } = this.#world;
    const { acceptances } = await inbox.accept(source, sent, deliveries);
    vendor.read(deliveries);
    if (this.#mishap(4)) {
      for (const one of acceptances) if (one.verdict === "add") inbox.jobs.remove(one.id);
      return this.die();
    }
    for (const one of acceptances) if (one.verdict === "confirm") this.#owe(one.owed);
  }

  async #work(): Promise<void> {
    const { inbox, dice } = this.#world;
    while (this.#running.size < SLOTS) {
      const event = inbox.jobs.take();
      if (!event) break;
      this.#running.add(event);
      if (await inbox.ran(event.id)) this.#finish(event);
      else
        this.#soon(dice.below(dice.chance(60) ? 2_000 : dice.chance(70) ? 40_000 : 110_000), () => this.#ended(event));
    }
    this.#soon(LOOK_MS, () => this.#work());
  }

  async #ended(event: CallbackEvent): Promise<void> {
    const { inbox, dice, seen, time } = this.#world;
    if (this.#mishap(15)) return this.#failed(event);
    const body = String(event.body["body"]);
    if (this.#mishap(3)) {
      seen.ran(body, "died");
      return this.die();
    }
    const { stored, owed } = await inbox.mark(event, true);
    seen.ran(body, stored ? "stored" : "not stored");
    if (this.#mishap(3)) return this.die();
    if (owed) this.#owe(owed);
    this.#finish(event);
    if (dice.chance(30)) time.after(300, () => inbox.jobs.evict(event.id));
  }

  #failed(event: CallbackEvent): void {
    const { inbox, dice, time } = this.#world;
    this.#running.delete(event);
    if (!this.#holds(event)) return;
    inbox.jobs.park(event.id);
    // Its backoff, or the operator, who takes longer.
    const pauseMs = dice.chance(80) ? dice.below(20_000) : 60_000 + dice.below(120_000);
    time.after(pauseMs, () => (this.#holds(event) ? inbox.jobs.retry(event.id) : undefined));
  }

  #finish(event: CallbackEvent): void {
    this.#running.delete(event);
    if (this.#holds(event)) this.#world.inbox.jobs.finish(event.id);
  }

  /** After the store was emptied there may be a new job with the same id: it is somebody else's. */
  #holds(event: CallbackEvent): boolean {
    return this.#world.inbox.jobs.event(event.id) === event;
  }

  #owe(owed: Owed): void {
    if (this.#owed.size === 0) this.#soon(LINGER_MS, () => this.#confirmAll());
    this.#owed.set(owed.receipt, owed);
  }

  #confirmAll(): void {
    const { source } = this.#world;
    while (this.#owed.size > 0) {
      const batch = [...this.#owed.values()].slice(0, source.batchSize);
      for (const { receipt } of batch) this.#owed.delete(receipt);
      this.#confirm(batch, new Set());
    }
  }

  #confirm(owed: readonly Owed[], tried: ReadonlySet<string>): void {
    const { time, dice, vendor, seen } = this.#world;
    const batch = owed.filter(({ lateAt }) => time.now() < lateAt);
    if (batch.length === 0) return;
    const noAnswer = (): void =>
      this.#soon(CALL_MS + dice.below(1_000), () =>
        this.#confirm(batch, new Set([...tried, ...batch.map(({ receipt }) => receipt)])),
      );
    if (this.#mishap(8)) return noAnswer();
    time.after(dice.below(CALL_MS / 2), () => {
      const taken = vendor.confirm(
        time.now(),
        batch.map(({ receipt }) => receipt),
      );
      const unheard = (): void => taken?.forEach(({ body }) => seen.unheard(body));
      if (this.#mishap(10)) {
        unheard();
        return noAnswer();
      }
      time.after(dice.below(CALL_MS / 2), async () => {
        if (this.#dead) return unheard();
        if (taken) await Promise.all(batch.map((one) => this.#world.inbox.settle(one, "confirmed")));
        else await this.#refused(batch, tried);
      });
    });
  }

  async #refused(batch: readonly Owed[], tried: ReadonlySet<string>): Promise<void> {
    const { inbox, time } = this.#world;
    const [first] = batch;
    if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      this.#confirm(batch.slice(0, middle), tried);
      return this.#confirm(batch.slice(middle), tried);
    }
    if (!first) return;
    if (!tried.has(first.receipt)) await inbox.settle(first, "dead");
    else if (time.now() < first.sureAt) await inbox.settle(first, "confirmed");
  }
}
