/** The simulated account: its queues, every message it ever held, and how many calls came. */
import { Faults } from "./faults.ts";
import { type HeldMessage, historyOf, holdMessage, type MessageHistory } from "./held-message.ts";
import { Queue } from "./queue.ts";
import { DEFAULT_SETTINGS, type Settings, type SettingsChange, withChanges } from "./settings.ts";

export type PublishOptions = {
  /** Default: the first one. */
  readonly queue?: string | undefined;
  /** The body goes in base64, as some clients have it. */
  readonly base64?: boolean | undefined;
  readonly count?: number | undefined;
};

export type HistoryPage = {
  /** Start after this message. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
};

export type Stats = {
  readonly published: number;
  /** Deliveries, redeliveries included. */
  readonly delivered: number;
  readonly confirmed: number;
  readonly purged: number;
  readonly unconfirmed: number;
  readonly visible: number;
  /** Handles in deletions and changes of visibility that were no good. */
  readonly staleHandles: number;
  /** By action, those that were refused included; `unknown` stands for what is no action. */
  readonly calls: Readonly<Record<string, number>>;
  /** By outcome: `ok`, an error code, or the kind of the fault that spoiled the answer. */
  readonly outcomes: Readonly<Record<string, number>>;
};

/** As many deleted and purged messages as the history keeps. */
const FINISHED_KEPT = 100_000;

export class Account {
  readonly faults = new Faults();
  readonly #queues = new Map<string, Queue>();
  readonly #messages = new Map<string, HeldMessage>();
  readonly #finished = new Set<HeldMessage>();
  readonly #counts = { published: 0, delivered: 0, confirmed: 0, purged: 0, staleHandles: 0 };
  readonly #calls: Record<string, number> = {};
  readonly #outcomes: Record<string, number> = {};
  #settings: Settings;

  constructor(settings: SettingsChange) {
    this.#settings = withChanges(DEFAULT_SETTINGS, settings);
  }

  get settings(): Settings {
    return this.#settings;
  }

  set(changes: SettingsChange): void {
    this.#settings = withChanges(this.#settings, changes);
    for (const queue of this.#queues.values()) queue.settingsChanged();
  }

  /** Undefined when there is no such queue. */
  queue(name: string): Queue | undefined {
    if (!this.#settings.queues.includes(name)) return undefined;
    const queue =
      this.#queues.get(name) ?? new Queue({ settings: () => this.#settings, onFinished: (held) => this.#finish(held) });
    this.#queues.set(name, queue);
    return queue;
  }

  publish(body: Readonly<Record<string, unknown>> | string, options: PublishOptions = {}): readonly string[] {
    const { queue: name = this.#settings.queues[0] ?? "", base64 = false, count = 1 } = options;
    const queue = this.queue(name);
    if (!queue) throw new RangeError(`no queue ${name}; there is ${this.#settings.queues.join(", ")}`);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const type = typeof body === "string" || typeof body["EventType"] !== "string" ? "" : body["EventType"];
    return Array.from({ length: count }, () => {
      const number = (this.#counts.published += 1);
      const message = base64 ? Buffer.from(text).toString("base64") : text;
      const held = holdMessage({ number, queue: name, type, body: message, publishedAt: Date.now() });
      this.#messages.set(held.id, held);
      queue.add(held);
      return held.id;
    });
  }

  noteCall(action: string): void {
    this.#calls[action] = (this.#calls[action] ?? 0) + 1;
  }

  noteOutcome(outcome: string): void {
    this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1;
  }

  noteDelivered(count: number): void {
    this.#counts.delivered += count;
  }

  noteStale(count: number): void {
    this.#counts.staleHandles += count;
  }

  find(id: string): MessageHistory | undefined {
    this.#refresh();
    const held = this.#messages.get(id);
    return held && historyOf(held);
  }

  history({ after, limit = Infinity }: HistoryPage = {}): readonly MessageHistory[] {
    this.#refresh();
    const messages: MessageHistory[] = [];
    let number = Number(after?.replace("message-", "") ?? 0);
    while (messages.length < limit && number < this.#counts.published) {
      number += 1;
      const held = this.#messages.get(`message-${number}`);
      if (held) messages.push(historyOf(held));
    }
    return messages;
  }

  stats(): Stats {
    this.#refresh();
    const queues = [...this.#queues.values()];
    return {
      ...this.#counts,
      unconfirmed: queues.reduce((sum, { unconfirmed }) => sum + unconfirmed, 0),
      visible: queues.reduce((sum, { visible }) => sum + visible, 0),
      calls: { ...this.#calls },
      outcomes: { ...this.#outcomes },
    };
  }

  #finish(held: HeldMessage): void {
    this.#counts[held.confirmedAt === undefined ? "purged" : "confirmed"] += 1;
    this.#finished.add(held);
    if (this.#finished.size <= FINISHED_KEPT) return;
    const [oldest] = this.#finished;
    if (!oldest) return;
    this.#finished.delete(oldest);
    this.#messages.delete(oldest.id);
    this.#queues.get(oldest.queue)?.forget(oldest);
  }

  #refresh(): void {
    const now = Date.now();
    for (const queue of this.#queues.values()) queue.refresh(now);
  }
}
