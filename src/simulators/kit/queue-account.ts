/** A simulated account of queues: all its messages so far, and the number of calls. */
import type { z } from "zod";
import { CallCounts } from "./call-counts.ts";
import type { AnyFault, Faults } from "./faults.ts";
import { historyOf, type Message, type MessageHistory, newMessage } from "./message.ts";
import { Queue, type QueueTraits } from "./queue.ts";
import { type Page, Register, type Stats } from "./register.ts";
import { type Optional, withChanges } from "./settings.ts";

export type QueueSettings = {
  readonly queues: readonly string[];
  readonly retentionMs: number;
  readonly longPolls: number;
};

type QueueAccountOptions<S, F extends AnyFault> = {
  readonly schema: z.ZodType<S>;
  readonly settings: S;
  readonly traits: QueueTraits;
  readonly faults: Faults<F>;
};

export type PublishOptions = {
  /** Default: the first one. */
  readonly queue?: string | undefined;
  readonly count?: number | undefined;
};

/** The most deleted and purged messages that the history keeps. */
const FINISHED_KEPT = 100_000;

export class QueueAccount<S extends QueueSettings, F extends AnyFault> {
  readonly faults: Faults<F>;
  readonly calls = new CallCounts();
  readonly #queues = new Map<string, Queue>();
  readonly #register = new Register<Message>({
    word: "message",
    limit: FINISHED_KEPT,
    onDropped: (message) => this.#queues.get(message.queue)?.forget(message),
  });
  readonly #options: QueueAccountOptions<S, F>;
  #settings: S;

  constructor(options: QueueAccountOptions<S, F>) {
    this.#options = options;
    this.#settings = options.settings;
    this.faults = options.faults;
  }

  get settings(): S {
    return this.#settings;
  }

  set(changes: Optional<S>): void {
    this.#settings = withChanges(this.#options.schema, this.#settings, changes);
    for (const queue of this.#queues.values()) queue.settingsChanged();
  }

  /** Undefined when there is no such queue. */
  queue(name: string): Queue | undefined {
    if (!this.#settings.queues.includes(name)) return undefined;
    const known = this.#queues.get(name);
    if (known) return known;
    const queue = new Queue({
      traits: this.#options.traits,
      settings: () => this.#settings,
      onFinished: (message) => this.#register.finish(message),
    });
    this.#queues.set(name, queue);
    return queue;
  }

  /** The text is sent unchanged. */
  publish(text: string, type: string, options: PublishOptions = {}): readonly string[] {
    const { queue: name = this.#settings.queues[0] ?? "", count = 1 } = options;
    const queue = this.queue(name);
    if (!queue) throw new RangeError(`no queue ${name}; there is ${this.#settings.queues.join(", ")}`);
    return Array.from({ length: count }, () => {
      const message = this.#register.add((named) => newMessage(named, { type, queue: name, body: text }));
      queue.add(message);
      return message.id;
    });
  }

  noteDelivered(count: number): void {
    this.#register.counts.delivered += count;
  }

  noteStale(count: number): void {
    this.#register.counts.staleHandles += count;
  }

  find(id: string): MessageHistory | undefined {
    this.#refresh();
    const message = this.#register.find(id);
    return message && historyOf(message);
  }

  history(page?: Page): readonly MessageHistory[] {
    this.#refresh();
    return this.#register.page(page).map(historyOf);
  }

  stats(): Stats {
    this.#refresh();
    const queues = [...this.#queues.values()];
    return {
      ...this.#register.counts,
      unconfirmed: queues.reduce((sum, { unconfirmed }) => sum + unconfirmed, 0),
      visible: queues.reduce((sum, { visible }) => sum + visible, 0),
      ...this.calls.totals(),
    };
  }

  #refresh(): void {
    const now = Date.now();
    for (const queue of this.#queues.values()) queue.refresh(now);
  }
}
