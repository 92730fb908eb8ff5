/**
 * One loop per source: find room, pull, accept, at once again; the vendor does the waiting. It never stops on its own, since
 * every delivery renews the receipt of what runs, is parked or not yet confirmed: without room it pulls seldom, and new
 * events stay at the vendor. Failure is a logged value and a pause.
 */
import type { Logger } from "pino";
import { backoffMs } from "./backoff.ts";
import { measured } from "./measured.ts";
import { settledBefore, sleep } from "./sleep.ts";
import { needsPerson, type Trouble, troubleOf } from "./trouble.ts";
import type { Acceptance, DueConfirmation, Inbox } from "./inbox.ts";
import type { Meter } from "./meter.ts";
import { unfailingLog, unfailingMeter } from "./unfailing.ts";
import type { Delivery, Pulled, Source } from "./source.ts";

export type PollerOptions = {
  readonly source: Source;
  readonly inbox: Pick<Inbox, "place" | "turn" | "accept" | "drained" | "mark">;
  readonly confirm: (confirmation: DueConfirmation) => void;
  readonly parked: "hold" | "confirm";
  readonly log: Logger;
  readonly meter: Meter;
  /** Hears of what no pull may cause: the loop has ended. */
  readonly failed: (err: unknown) => void;
};

/** Pulls in parallel while they come back full. 8 lanes at 50 ms each pull 2,560 events/s, more than any default quota. */
const MOST_LANES = 8;
/** An empty answer that came at once: the vendor does not hold calls open just now, and may bill each of them. */
const EMPTY_MS = { minMs: 100, maxMs: 10_000 };
const OUTAGE_MS = { minMs: 200, maxMs: 30_000 };
/** A person must act: no use in hurrying. */
const FAULT_MS = { minMs: 5_000, maxMs: 60_000 };

export class Poller {
  readonly #options: PollerOptions;
  readonly #stop = new AbortController();
  readonly #abort = new AbortController();
  readonly #lanes = new Set<Promise<void>>();
  #empty = 0;
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

  /** Sends no new pull. What a running one brings is still accepted; when `signal` aborts it is left to return by itself. */
  async stop(signal: AbortSignal): Promise<void> {
    this.#stop.abort();
    const giveUp = (): void => this.#abort.abort(new Error("the process is stopping"));
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    await settledBefore(Promise.all(this.#lanes), signal);
  }

  /**
   * A lane pulls until it is stopped; one beside the first ends when a pull comes back short, or finds no room. `expected`:
   * as much as the lane's last pull added, so that a lane that only renews what is parked takes no room from others.
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
      if (!came.isFull && !first) return;
    }
  }

  /** One pull and what follows from it, and whether more can be expected at once. */
  async #round(expected: number): Promise<{ isFull: boolean; added: number } | "no-room"> {
    const { source, inbox } = this.#options;
    const place = await inbox.place(source, expected);
    if (!place.isFree) {
      await sleep(place.askAgainMs, this.#stop.signal);
      return "no-room";
    }
    try {
      return await this.#pullAndAccept(Math.max(1, Math.min(source.batchSize, place.most)));
    } finally {
      place.giveBack();
    }
  }

  async #pullAndAccept(max: number): Promise<{ isFull: boolean; added: number }> {
    const { source, inbox } = this.#options;
    const sent = await inbox.turn(source, "pull");
    if (this.#stop.signal.aborted) return { isFull: false, added: 0 };
    const { deliveries, waited } = await this.#pull(max);
    if (deliveries.length === 0) {
      this.#well();
      await this.#idle(sent, waited);
      return { isFull: false, added: 0 };
    }
    this.#empty = 0;
    const { acceptances } = await inbox.accept(source, sent, deliveries);
    await Promise.all(acceptances.map((acceptance, index) => this.#accepted(acceptance, deliveries[index])));
    this.#well();
    const added = acceptances.filter(({ verdict }) => verdict === "add").length;
    return { isFull: deliveries.length >= max, added };
  }

  async #pull(max: number): Promise<Pulled> {
    const pulled = await measured(this.#options, "pull", () => this.source.pull(max, this.#abort.signal));
    this.lastPullAt = new Date();
    return pulled;
  }

  #well(): void {
    if (this.trouble) this.#options.log.info({ source: this.source.name }, "pulling again");
    this.trouble = undefined;
  }

  async #idle(sent: number, waited: boolean): Promise<void> {
    const { source, inbox, meter, log } = this.#options;
    if (!waited)
      return await sleep(Math.min(backoffMs(++this.#empty, EMPTY_MS), source.windowMs / 3), this.#stop.signal);
    this.#empty = 0;
    const taken = await inbox.drained(source, sent);
    if (taken === 0) return;
    meter.count("never_returned", { source: source.name }, taken);
    log.info(
      { source: source.name, events: taken },
      "handled events did not return: their confirmations had taken effect",
    );
  }

  async #accepted(acceptance: Acceptance, delivery: Delivery | undefined): Promise<void> {
    const { source, inbox, confirm, parked, log, meter } = this.#options;
    const why = acceptance.verdict === "skip" ? acceptance.why : "";
    meter.count("deliveries", { source: source.name, verdict: acceptance.verdict, why });
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
    const { fix } = (this.trouble = troubleOf(err, before));
    if (this.trouble !== before) {
      const about = { err, source: source.name, ...(fix && { fix }) };
      log[needsPerson(err) ? "error" : "warn"](about, "pull failed, will go on trying");
    }
    await sleep(backoffMs(failures, needsPerson(err) ? FAULT_MS : OUTAGE_MS), this.#stop.signal);
    return "failed";
  }
}
