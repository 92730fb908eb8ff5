/**
 * One loop per source: find room, pull, accept, repeat. An empty pull waits at the vendor, so the next pull follows at
 * once while quota is left. The loop never stops by itself, because each delivery renews the receipt of an event that
 * runs, is parked or is not yet confirmed. Without room it pulls rarely, and new events stay at the vendor. A failure
 * is logged, and the loop pauses.
 */
import type { Logger } from "pino";
import { backoffMs } from "./backoff.ts";
import { OFTEN } from "./log-groups.ts";
import { measured } from "./measured.ts";
import { settledBefore, sleep } from "./sleep.ts";
import { needsPerson, type Trouble, troubleOf } from "./trouble.ts";
import { quotaLingerMs } from "./linger.ts";
import type { Acceptance, Accepted, DueConfirmation, Inbox, Place, ShortPull } from "./inbox.ts";
import type { Meter } from "./meter.ts";
import { unfailingLog, unfailingMeter } from "./unfailing.ts";
import type { Delivery, Pulled, Source } from "./source.ts";

export type PollerOptions = {
  readonly source: Source;
  readonly inbox: Pick<Inbox, "place" | "turn" | "used" | "accept" | "quiet" | "mark">;
  readonly confirm: (confirmation: DueConfirmation) => void;
  readonly parked: "hold" | "confirm";
  readonly log: Logger;
  readonly meter: Meter;
  /** Called with an unexpected error. The loop has ended then. */
  readonly failed: (err: unknown) => void;
};

/** Pulls in parallel while they come back full. 8 lanes at 50 ms each pull 2,560 events/s, more than any default quota. */
const MOST_LANES = 8;
/** The pause after an empty answer that came at once. The vendor holds no calls open now, and may bill each one. */
const EMPTY_MS = { minMs: 100, maxMs: 10_000 };
const OUTAGE_MS = { minMs: 200, maxMs: 30_000 };
/** The pause after a failure that only a person can fix. */
const FAULT_MS = { minMs: 5_000, maxMs: 60_000 };

/** A reservation that is older than this is not used. */
const PLACE_HOLDS_MS = 10_000;
/** How often a short answer is used to find handled events that did not return. */
const LOOK_EVERY_MS = 1_000;

type FreePlace = Extract<Place, { isFree: true }>;
/** `isStale`: the answer came too late to be trusted. */
type Came = {
  readonly isEmpty: boolean;
  readonly isFull: boolean;
  readonly isStale: boolean;
  readonly added: number;
};
const NOTHING_CAME: Came = { isEmpty: true, isFull: false, isStale: false, added: 0 };

export class Poller {
  readonly #options: PollerOptions;
  readonly #stop = new AbortController();
  readonly #abort = new AbortController();
  readonly #lanes = new Set<Promise<void>>();
  #emptyInARow = 0;
  #lookedAt = -Infinity;
  /** When the vendor last answered, empty answers included. */
  lastPullAt: Date | undefined;
  trouble: Trouble | undefined;

  constructor(options: PollerOptions) {
    const { log, meter } = options;
    this.#options = { ...options, log: unfailingLog(log), meter: unfailingMeter(meter) };
  }

  get source(): Source {
    return this.#options.source;
  }

  start(): void {
    this.#open(1);
  }

  /** Sends no new pull. Events of a running pull are still accepted. If `signal` aborts, they are left to come back. */
  async stop(signal: AbortSignal): Promise<void> {
    this.#stop.abort();
    const giveUp = (): void => this.#abort.abort(new Error("the process is stopping"));
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    await settledBefore(Promise.all(this.#lanes), signal);
  }

  /**
   * A lane pulls until it is stopped. A lane beside the first also ends when a pull comes back short, or finds no room.
   * `expected`: the number of events that the lane's last pull added. A lane that only renews parked events then takes
   * no room from others.
   */
  #open(expected: number): void {
    const first = this.#lanes.size === 0;
    const lane = this.#lane(first, expected)
      .catch((err: unknown) => this.#options.failed(err))
      .finally(() => this.#lanes.delete(lane));
    this.#lanes.add(lane);
  }

  async #lane(first: boolean, expectedAtFirst: number): Promise<void> {
    let failures = 0;
    let expected = expectedAtFirst;
    while (!this.#stop.signal.aborted) {
      const came = await this.#round(expected).catch((err: unknown) => this.#failed(err, ++failures));
      if (came !== "failed") failures = 0;
      if (came === "failed" || came === "no-room") {
        if (!first) return;
        continue;
      }
      expected = Math.max(1, came.added);
      if (came.isFull && this.#lanes.size < MOST_LANES && !this.#stop.signal.aborted) this.#open(expected);
      if (came.isFull) continue;
      if (!first) return;
      if (!came.isEmpty) await this.#linger();
    }
  }

  /** If calls are scarce, the next pull waits, so that it brings several events. Not used after an empty answer. */
  async #linger(): Promise<void> {
    const { source, inbox } = this.#options;
    const ms = quotaLingerMs(inbox.used(source, "pull"));
    if (ms > 0) await sleep(ms, this.#stop.signal);
  }

  /** One pull and what follows from it. */
  async #round(expected: number): Promise<Came | "no-room"> {
    const { source, inbox } = this.#options;
    const place = await inbox.place(source, expected);
    if (!place.isFree) {
      await sleep(place.askAgainMs, this.#stop.signal);
      return "no-room";
    }
    let isLost = true;
    try {
      const placedAt = performance.now();
      const sent = await inbox.turn(source, "pull");
      const isSent = !this.#stop.signal.aborted && performance.now() - placedAt < PLACE_HOLDS_MS;
      const came = isSent ? await this.#pullAndAccept(place, sent) : NOTHING_CAME;
      isLost = came.isStale;
      return came;
    } finally {
      place.end(isLost);
    }
  }

  async #pullAndAccept({ pull, most }: FreePlace, sent: number): Promise<Came> {
    const { source, inbox, log } = this.#options;
    const max = source.ignoresMax ? source.batchSize : Math.max(1, Math.min(source.batchSize, most));
    const { deliveries, waited } = await this.#pull(max);
    if (deliveries.length === 0) {
      this.#well();
      await this.#empty(pull, sent, waited);
      return NOTHING_CAME;
    }
    this.#emptyInARow = 0;
    const accepted = await inbox.accept(source, sent, deliveries);
    const { acceptances, isUnfilled } = accepted;
    if (isUnfilled)
      log.warn(
        { source: source.name },
        "the vendor holds visible events back: for a day only empty answers count as a sign that an event stayed away",
      );
    await Promise.all(acceptances.map((acceptance, index) => this.#accepted(acceptance, deliveries[index])));
    this.#well();
    const isFull = deliveries.length >= max;
    if (!isFull) await this.#short(pull, sent, accepted);
    const isStale = acceptances.some((one) => one.verdict === "skip" && one.why === "stale");
    return { isEmpty: false, isFull, isStale, added: acceptances.filter(({ verdict }) => verdict === "add").length };
  }

  async #pull(max: number): Promise<Pulled> {
    const pulled = await measured(this.#options, "pull", () => this.source.pull(max, this.#abort.signal));
    this.lastPullAt = new Date();
    return pulled;
  }

  #well(): void {
    if (this.trouble && !this.trouble.redis)
      this.#options.log.info({ ...OFTEN, source: this.source.name }, "pulling again");
    this.trouble = undefined;
  }

  async #empty(pull: string, sent: number, waited: boolean): Promise<void> {
    const { windowMs } = this.source;
    if (!waited) {
      const pauseMs = Math.min(backoffMs(++this.#emptyInARow, EMPTY_MS), windowMs / 3);
      return await sleep(pauseMs, this.#stop.signal);
    }
    this.#emptyInARow = 0;
    await this.#quiet({ pull, sent, isEmpty: true });
  }

  /** Looks at short answers too, because under steady traffic no pull comes back empty. */
  async #short(pull: string, sent: number, { handled }: Accepted): Promise<void> {
    const { source } = this.#options;
    if (!source.fills || handled === 0 || performance.now() - this.#lookedAt < LOOK_EVERY_MS) return;
    await this.#quiet({ pull, sent, isEmpty: false });
  }

  async #quiet(pull: ShortPull): Promise<void> {
    const { source, inbox, meter, log } = this.#options;
    this.#lookedAt = performance.now();
    const taken = await inbox.quiet(source, pull);
    if (taken === 0) return;
    meter.count("never_returned", { source: source.name }, taken);
    log.info({ source: source.name, events: taken }, "confirmed after all: these handled events did not come back");
  }

  async #accepted(acceptance: Acceptance, delivery: Delivery | undefined): Promise<void> {
    const { source, inbox, confirm, parked, log, meter } = this.#options;
    const { verdict } = acceptance;
    meter.count("deliveries", { source: source.name, verdict, ...(verdict === "skip" && { why: acceptance.why }) });
    if (acceptance.verdict === "skip" || !delivery) return;
    const { id } = acceptance;
    log.debug({ source: source.name, type: delivery.type, id, verdict: acceptance.verdict }, "delivery");
    if (acceptance.verdict === "confirm") return confirm(acceptance.confirmation);
    if (acceptance.verdict !== "park" || parked === "hold") return;
    const { stored, confirmation } = await inbox.mark(
      { id, fingerprint: delivery.fingerprint, source: source.name },
      false,
    );
    if (!stored) return;
    meter.count("dropped", { source: source.name, type: delivery.type, why: "parked" });
    log.warn(
      { source: source.name, type: delivery.type, id },
      "parked, confirmed without success because PARKED=confirm",
    );
    if (confirmation) confirm(confirmation);
  }

  async #failed(err: unknown, failures: number): Promise<"failed"> {
    if (this.#abort.signal.aborted) return "failed";
    const { source, log } = this.#options;
    const before = this.trouble;
    const { fix, redis } = (this.trouble = troubleOf(err, before));
    if (this.trouble !== before) {
      const about = { err, source: source.name, ...(fix && { fix }) };
      const level = needsPerson(err) ? "error" : "warn";
      // A problem of Redis is reported once, not once per source.
      log[redis ? "debug" : level](
        about,
        redis ? "redis refused, will go on trying" : "pull failed, will go on trying",
      );
    }
    await sleep(backoffMs(failures, needsPerson(err) ? FAULT_MS : OUTAGE_MS), this.#stop.signal);
    return "failed";
  }
}
