/** The simulated account: its queues, every message it ever held, and how many calls came. */
import { CallCounts } from "../kit/call-counts.ts";
import { type Page, Register, type Stats } from "../kit/register.ts";
import { withChanges } from "../kit/settings.ts";
import { createFaults } from "./faults.ts";
import { type HeldMessage, historyOf, holdMessage, type MessageHistory } from "./held-message.ts";
import { Queue } from "./queue.ts";
import { DEFAULT_SETTINGS, type Settings, type SettingsChange, SettingsSchema } from "./settings.ts";

export type PublishOptions = {
  /** Default: the first one. */
  readonly queue?: string | undefined;
  /** The body goes in base64, as some clients have it. */
  readonly base64?: boolean | undefined;
  readonly count?: number | undefined;
};

/** As many deleted and purged messages as the history keeps. */
const FINISHED_KEPT = 100_000;

export class Account {
  readonly faults = createFaults();
  readonly calls = new CallCounts();
  readonly #queues = new Map<string, Queue>();
  readonly #register = new Register<HeldMessage>({
    word: "message",
    limit: FINISHED_KEPT,
    onDropped: (held) => this.#queues.get(held.queue)?.forget(held),
  });
  #settings: Settings;

  constructor(settings: SettingsChange) {
    this.#settings = withChanges(SettingsSchema, DEFAULT_SETTINGS, settings);
  }

  get settings(): Settings {
    return this.#settings;
  }

  set(changes: SettingsChange): void {
    this.#settings = withChanges(SettingsSchema, this.#settings, changes);
    for (const queue of this.#queues.values()) queue.settingsChanged();
  }

  /** Undefined when there is no such queue. */
  queue(name: string): Queue | undefined {
    if (!this.#settings.queues.includes(name)) return undefined;
    const onFinished = (held: HeldMessage): void => this.#register.finish(held);
    const queue = this.#queues.get(name) ?? new Queue({ settings: () => this.#settings, onFinished });
    this.#queues.set(name, queue);
    return queue;
  }

  publish(body: Readonly<Record<string, unknown>> | string, options: PublishOptions = {}): readonly string[] {
    const { queue: name = this.#settings.queues[0] ?? "", base64 = false, count = 1 } = options;
    const queue = this.queue(name);
    if (!queue) throw new RangeError(`no queue ${name}; there is ${this.#settings.queues.join(", ")}`);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const type = typeof body === "string" || typeof body["EventType"] !== "string" ? "" : body["EventType"];
    const message = base64 ? Buffer.from(text).toString("base64") : text;
    return Array.from({ length: count }, () => {
      const held = this.#register.add((named) => holdMessage(named, { type, queue: name, body: message }));
      queue.add(held);
      return held.id;
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
    const held = this.#register.find(id);
    return held && historyOf(held);
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
