/** The simulated account: its applications, all its events so far, and its count of calls. */
import { CallCounts } from "../kit/call-counts.ts";
import { type Page, Register, type Stats } from "../kit/register.ts";
import { withChanges } from "../kit/settings.ts";
import { Application } from "./application.ts";
import { createFaults } from "./faults.ts";
import { type EventHistory, type HeldEvent, historyOf, holdEvent } from "./held-event.ts";
import type { SampleMaker } from "./samples.ts";
import { DEFAULT_SETTINGS, type Settings, type SettingsChange, SettingsSchema } from "./settings.ts";

export type PublishOptions = {
  /** Default: the default application, or the first of the configured ones. */
  readonly subAppId?: number | undefined;
  readonly count?: number | undefined;
};

type AccountOptions = {
  readonly settings: SettingsChange;
  readonly samples: SampleMaker;
  /** The most confirmed and purged events that the history keeps. */
  readonly historyLimit: number;
};

export class Account {
  readonly faults = createFaults();
  readonly calls = new CallCounts();
  readonly #samples: SampleMaker;
  readonly #applications = new Map<number | undefined, Application>();
  readonly #register: Register<HeldEvent>;
  #settings: Settings;

  constructor({ settings, samples, historyLimit }: AccountOptions) {
    this.#settings = withChanges(SettingsSchema, DEFAULT_SETTINGS, settings);
    this.#samples = samples;
    this.#register = new Register({
      word: "event",
      limit: historyLimit,
      onDropped: (held) => this.#applications.get(held.subAppId)?.queue.forget(held),
    });
  }

  get settings(): Settings {
    return this.#settings;
  }

  set(changes: SettingsChange): void {
    this.#settings = withChanges(SettingsSchema, this.#settings, changes);
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
      onFinished: (held) => this.#register.finish(held),
      howToTake: () => this.#howToTake(),
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
    this.#register.counts.delivered += count;
  }

  noteStaleHandles(count: number): void {
    this.#register.counts.staleHandles += count;
  }

  find(id: string): EventHistory | undefined {
    this.#refresh();
    const held = this.#register.find(id);
    return held && historyOf(held);
  }

  history(page?: Page): readonly EventHistory[] {
    this.#refresh();
    return this.#register.page(page).map(historyOf);
  }

  stats(): Stats {
    this.#refresh();
    const queues = [...this.#applications.values()].map(({ queue }) => queue);
    return {
      ...this.#register.counts,
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
    return Array.from({ length: count }, () => {
      const held = this.#register.add((named) => holdEvent(named, { givenHandle: undefined, ...make(), subAppId }));
      application.add(held);
      return held.id;
    });
  }

  #noApplication(subAppId: number | undefined): string {
    const known = this.#settings.subAppIds.join(", ") || "the default one, which takes no SubAppId";
    return `the simulated account has no application ${subAppId ?? "without a SubAppId"}; it has ${known}`;
  }

  /** Called for a pull that delivers events. */
  #howToTake(): { readonly newestFirst: boolean; readonly again: boolean } {
    const [reorder, duplicate] = [
      this.faults.strike("PullEvents", "reorder"),
      this.faults.strike("PullEvents", "duplicate"),
    ];
    return { newestFirst: reorder !== undefined, again: duplicate !== undefined };
  }

  #refresh(): void {
    const now = Date.now();
    for (const { queue } of this.#applications.values()) queue.refresh(now);
  }
}
