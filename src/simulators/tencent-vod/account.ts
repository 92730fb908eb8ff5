/** The simulated account: its applications, every event it ever published, and how it counts calls. */
import { Application } from "./application.ts";
import { CallCounts } from "./call-counts.ts";
import { Faults } from "./faults.ts";
import { Fifo } from "./fifo.ts";
import { type EventHistory, type HeldEvent, historyOf, holdEvent, numberOf } from "./held-event.ts";
import type { SampleMaker } from "./samples.ts";
import { DEFAULT_SETTINGS, type Settings, type SettingsChange, withChanges } from "./settings.ts";

export type PublishOptions = {
  /** Default: the default application, or the first of the configured ones. */
  readonly subAppId?: number | undefined;
  readonly count?: number | undefined;
};

export type HistoryPage = {
  /** Start after this event. */
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
  /** Handles in confirmations that were no good. */
  readonly staleHandles: number;
  /** By action, those that were refused included; `unknown` stands for actions that do not exist. */
  readonly calls: Readonly<Record<string, number>>;
  /** By outcome: `ok`, an error code, or the kind of the fault that spoiled the answer. */
  readonly outcomes: Readonly<Record<string, number>>;
};

type AccountOptions = {
  readonly settings: SettingsChange;
  readonly samples: SampleMaker;
  /** As many confirmed and purged events as the history keeps. */
  readonly historyLimit: number;
};

export class Account {
  readonly faults = new Faults();
  readonly calls = new CallCounts();
  readonly #samples: SampleMaker;
  readonly #historyLimit: number;
  readonly #applications = new Map<number | undefined, Application>();
  readonly #events = new Map<number, HeldEvent>();
  readonly #finished = new Fifo<HeldEvent>();
  readonly #counts = { published: 0, delivered: 0, confirmed: 0, purged: 0, staleHandles: 0, finishedKept: 0 };
  #settings: Settings;

  constructor({ settings, samples, historyLimit }: AccountOptions) {
    this.#settings = withChanges(DEFAULT_SETTINGS, settings);
    this.#samples = samples;
    this.#historyLimit = historyLimit;
  }

  get settings(): Settings {
    return this.#settings;
  }

  set(changes: SettingsChange): void {
    this.#settings = withChanges(this.#settings, changes);
    const { mode, switches } = this.#settings;
    for (const application of this.#applications.values()) {
      if (changes.retentionMs !== undefined) application.queue.retentionChanged();
      application.configure({ ...(changes.mode && { mode }), ...(changes.switches && { switches }) });
    }
  }

  /** Undefined when the account has no such application; `undefined` asks for the default one. */
  application(subAppId: number | undefined): Application | undefined {
    const { subAppIds } = this.#settings;
    const exists = subAppId === undefined ? subAppIds.length === 0 : subAppIds.includes(subAppId);
    if (!exists) return undefined;
    const known = this.#applications.get(subAppId);
    if (known) return known;
    const application = new Application({
      settings: () => this.#settings,
      nextHandle: () => this.#samples.handle(),
      onFinished: (held) => this.#finish(held),
      howToTake: () => this.faults.howToTake(),
    });
    this.#applications.set(subAppId, application);
    return application;
  }

  publish(type: string, options: PublishOptions & { readonly body?: unknown } = {}): readonly string[] {
    const { nullFields } = this.#settings;
    return this.#publish(options, () => ({ type, members: this.#samples.event(type, options.body, nullFields) }));
  }

  publishBody(
    body: Readonly<Record<string, unknown>>,
    options: PublishOptions & { readonly handle?: string | undefined } = {},
  ): readonly string[] {
    const { EventHandle, ...event } = body;
    const type = typeof event["EventType"] === "string" ? event["EventType"] : "";
    const givenHandle = options.handle ?? (typeof EventHandle === "string" ? EventHandle : undefined);
    const members = JSON.stringify(event).slice(1, -1);
    return this.#publish(options, () => ({ type, members, givenHandle }));
  }

  noteDelivered(count: number): void {
    this.#counts.delivered += count;
  }

  noteStaleHandles(count: number): void {
    this.#counts.staleHandles += count;
  }

  find(id: string): EventHistory | undefined {
    this.#refresh();
    const held = this.#events.get(numberOf(id));
    return held && historyOf(held);
  }

  history({ after, limit = Infinity }: HistoryPage = {}): readonly EventHistory[] {
    this.#refresh();
    const events: EventHistory[] = [];
    let number = after === undefined ? 0 : numberOf(after);
    while (events.length < limit && number < this.#counts.published) {
      number += 1;
      const held = this.#events.get(number);
      if (held) events.push(historyOf(held));
    }
    return events;
  }

  stats(): Stats {
    this.#refresh();
    const { finishedKept: _kept, ...counts } = this.#counts;
    const queues = [...this.#applications.values()].map(({ queue }) => queue);
    return {
      ...counts,
      unconfirmed: queues.reduce((sum, queue) => sum + queue.unconfirmed, 0),
      visible: queues.reduce((sum, queue) => sum + queue.visible, 0),
      ...this.calls.totals(),
    };
  }

  close(): void {
    for (const application of this.#applications.values()) application.close();
  }

  #publish(
    { subAppId = this.#settings.subAppIds[0], count = 1 }: PublishOptions,
    make: () => { readonly type: string; readonly members: string; readonly givenHandle?: string | undefined },
  ): readonly string[] {
    const application = this.application(subAppId);
    if (!application) throw new RangeError(this.#noApplication(subAppId));
    const publishedAt = Date.now();
    return Array.from({ length: count }, () => {
      this.#counts.published += 1;
      const number = this.#counts.published;
      const held = holdEvent({ givenHandle: undefined, ...make(), number, subAppId, publishedAt });
      this.#events.set(number, held);
      application.add(held);
      return held.id;
    });
  }

  #noApplication(subAppId: number | undefined): string {
    const known = this.#settings.subAppIds.join(", ") || "the default one, which takes no SubAppId";
    return `the simulated account has no application ${subAppId ?? "without a SubAppId"}; it has ${known}`;
  }

  #finish(held: HeldEvent): void {
    this.#counts[held.confirmedAt === undefined ? "purged" : "confirmed"] += 1;
    this.#finished.push(held);
    this.#counts.finishedKept += 1;
    if (this.#counts.finishedKept <= this.#historyLimit) return;
    this.#counts.finishedKept -= 1;
    const oldest = this.#finished.shift();
    if (!oldest) return;
    this.#events.delete(oldest.number);
    this.#applications.get(oldest.subAppId)?.queue.forget(oldest);
  }

  #refresh(): void {
    const now = Date.now();
    for (const { queue } of this.#applications.values()) queue.refresh(now);
  }
}
