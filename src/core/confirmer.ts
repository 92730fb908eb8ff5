/**
 * Gathers receipts into calls, and interprets the answers.
 *
 * A full batch goes at once. A partial one lingers where calls are scarce (see linger.ts), but never until a receipt
 * expires. An event that is not confirmed here comes back and is confirmed then. So the confirmer may give up, but must
 * never guess.
 */
import type { Logger } from "pino";
import { backoffMs } from "./backoff.ts";
import { NotReplicatedError, VendorError } from "./errors.ts";
import { OFTEN } from "./log-groups.ts";
import { measured } from "./measured.ts";
import { settledBefore, sleep } from "./sleep.ts";
import { needsPerson, type Trouble, troubleOf } from "./trouble.ts";
import { batchLingerMs } from "./linger.ts";
import { Pace } from "./pace.ts";
import type { DueConfirmation, Inbox } from "./inbox.ts";
import type { Meter } from "./meter.ts";
import { unfailingLog, unfailingMeter } from "./unfailing.ts";
import type { Source } from "./source.ts";

export type ConfirmerOptions = {
  readonly source: Source;
  readonly inbox: Pick<Inbox, "turn" | "used" | "settle">;
  readonly log: Logger;
  readonly meter: Meter;
  /** Resolves when earlier writes would survive the loss of Redis' primary, as far as the settings ask for it. */
  readonly replicated?: (() => Promise<void>) | undefined;
  /** The longest that a partial batch waits for company. */
  readonly longestLingerMs?: number;
};

/**
 * `tried`: the number of calls with this receipt that had no answer and may have taken effect. `since`: when it was
 * handed in, on the clock of `performance`; only until its first call.
 */
type Entry = { readonly confirmation: DueConfirmation; tried: number; since: number | undefined };

/** Long enough to measure a pace, short enough to follow its changes. */
const PACE_MS = 100;
/** The longest a confirmation call may take. A receipt is sent this long before it expires, if possible. */
const LEAD_MS = 5_000;
const MOST_CALLS_AT_ONCE = 8;
/** An event comes back for another try within this time, however short its window is. */
const TRIED_AGAIN_MS = 20_000;
/** After this many single refusals in a row, inside their windows, the cause is another one: stop splitting. */
const SUSPICIOUS = 48;
const SUSPICION_MS = 30_000;

const UNANSWERED = "confirmation got no answer, trying again inside the window";

/** One per source. */
export class Confirmer {
  readonly #options: ConfirmerOptions;
  #waiting = new Map<string, Entry>();
  readonly #pace = new Pace(PACE_MS);
  readonly #calls = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  readonly #stop = new AbortController();
  #refusedInARow = 0;
  #suspiciousUntil = 0;
  #trouble: Trouble | undefined;
  #troubledAt = 0;
  #progressAt = 0;

  constructor(options: ConfirmerOptions) {
    const { log, meter } = options;
    this.#options = { ...options, log: unfailingLog(log), meter: unfailingMeter(meter) };
  }

  /** Why confirmations fail. Ends with an answer, or after a while without a call: another replica may confirm then. */
  get trouble(): Trouble | undefined {
    const holdsMs = Math.max(2 * this.#options.source.windowMs, TRIED_AGAIN_MS);
    return performance.now() - this.#troubledAt < holdsMs ? this.#trouble : undefined;
  }

  /** Since when receipts have waited without the end of any call, on the clock of `performance`. */
  get waitingSince(): number | undefined {
    return this.#waiting.size + this.#calls.size > 0 ? this.#progressAt : undefined;
  }

  readonly add = (confirmation: DueConfirmation): void => {
    if (this.#waiting.size + this.#calls.size === 0) this.#progressAt = performance.now();
    this.#pace.note();
    this.#waiting.set(confirmation.receipt, { confirmation, tried: 0, since: performance.now() });
    this.#sendBy(dueOf(confirmation, this.#lingerMs()));
  };

  /** Sends everything that is waiting. Resolves when all of it is answered, or when `signal` aborts. */
  async close(signal: AbortSignal): Promise<void> {
    while (this.#waiting.size + this.#calls.size > 0 && !signal.aborted) {
      this.#sendAll();
      await settledBefore(Promise.race(this.#calls), signal);
    }
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  #lingerMs(): number {
    const { source, inbox, longestLingerMs } = this.#options;
    return batchLingerMs(source, inbox.used(source, "confirm"), this.#pace.perSecond(), longestLingerMs);
  }

  #sendBy(at: number): void {
    if (this.#waiting.size >= this.#options.source.batchSize) return this.#sendAll();
    if (at >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = at;
    this.#timer = setTimeout(() => this.#sendAll(), Math.max(0, at - performance.now()));
  }

  #sendAll(): void {
    const { source, log } = this.#options;
    clearTimeout(this.#timer);
    this.#dueAt = Infinity;
    while (this.#waiting.size > 0 && this.#calls.size < MOST_CALLS_AT_ONCE) {
      const batch = [...this.#waiting.values()].slice(0, source.batchSize);
      for (const { confirmation } of batch) this.#waiting.delete(confirmation.receipt);
      const call = this.#send(batch)
        .catch((err: unknown) =>
          log.error({ err, source: source.name }, "confirming failed; the events return and are confirmed then"),
        )
        .finally(() => {
          this.#calls.delete(call);
          const lingerMs = this.#lingerMs();
          for (const { confirmation } of this.#waiting.values()) this.#sendBy(dueOf(confirmation, lingerMs));
        });
      this.#calls.add(call);
    }
  }

  /** Sends one batch until it is answered or its receipts have expired. */
  async #send(entries: readonly Entry[]): Promise<void> {
    const { source, inbox, replicated } = this.#options;
    let batch = entries;
    for (let failures = 1; !this.#stop.signal.aborted; failures++) {
      await inbox.turn(source, "confirm");
      batch = batch.filter(({ confirmation }) => performance.now() < confirmation.closedFrom);
      if (batch.length === 0) return;
      try {
        await replicated?.();
        const receipts = batch.map(({ confirmation }) => confirmation.receipt);
        const types = this.#noteLinger(batch);
        const { refused } = await measured(this.#options, "confirm", () => source.confirm(receipts), types);
        this.#answering();
        return await this.#answered(batch, new Set(refused));
      } catch (err) {
        if (!(err instanceof VendorError) && !(err instanceof NotReplicatedError)) throw err;
        const kind = err instanceof VendorError ? err.kind : "not-sent";
        if (kind === "refused") {
          this.#answering();
          return await this.#refused(batch);
        }
        if (kind === "outage") for (const entry of batch) entry.tried += 1;
        this.#failed(err, { receipts: batch.length, failures });
      } finally {
        this.#progressAt = performance.now();
      }
      await sleep(backoffMs(failures, { minMs: 100, maxMs: 5_000 }), this.#stop.signal);
    }
  }

  /** Reports the types of the events. */
  #noteLinger(batch: readonly Entry[]): ReadonlySet<string> {
    const { source, meter } = this.#options;
    const now = performance.now();
    for (const entry of batch) {
      const { since, confirmation } = entry;
      if (since !== undefined) meter.observe("linger_ms", labelsOf(source, confirmation), now - since);
      entry.since = undefined;
    }
    return new Set(batch.flatMap(({ confirmation: { type } }) => type ?? []));
  }

  /** A problem that only a person can fix is logged once. It fails at each try, and would drown the other lines. */
  #failed(err: Error, about: { readonly receipts: number; readonly failures: number }): void {
    const { source, log } = this.#options;
    const before = this.trouble;
    this.#trouble = troubleOf(err, before);
    this.#troubledAt = performance.now();
    const why = err instanceof NotReplicatedError ? "confirmation waits for Redis' replicas" : UNANSWERED;
    if (!needsPerson(err)) log.warn({ err, source: source.name, ...about }, why);
    else if (this.#trouble !== before)
      log.error({ err, source: source.name, fix: this.#trouble.fix }, "nothing can be confirmed, will go on trying");
  }

  /** A refusal counts as an answer too. */
  #answering(): void {
    const { source, log } = this.#options;
    if (this.#trouble) log.info({ ...OFTEN, source: source.name }, "the vendor answers confirmations again");
    this.#trouble = undefined;
  }

  async #answered(batch: readonly Entry[], refused: ReadonlySet<string>): Promise<void> {
    const { source, inbox, log, meter } = this.#options;
    const taken = batch.filter(({ confirmation }) => !refused.has(confirmation.receipt));
    const left = batch.filter(({ confirmation }) => refused.has(confirmation.receipt));
    if (taken.length > 0) this.#refusedInARow = 0;
    meter.count("confirmed", { source: source.name }, taken.length);
    const now = performance.now();
    for (const { confirmation } of taken) {
      const used = 1 - (confirmation.closedFrom - now) / source.windowMs;
      meter.observe("window_used", labelsOf(source, confirmation), Math.max(0, 1_000 * used));
    }
    await Promise.all([
      ...taken.map(({ confirmation, tried }) => inbox.settle(confirmation, "confirmed", ...(tried > 0 ? [tried] : []))),
      ...left.map((entry) => this.#dead(entry)),
    ]);
    for (const { confirmation } of taken) log.debug({ source: source.name, id: confirmation.id }, "confirmed");
  }

  /** The whole call was refused: split it in halves until the dead receipt is alone. */
  async #refused(batch: readonly Entry[]): Promise<void> {
    const [first] = batch;
    if (batch.length === 1 && first) return await this.#dead(first);
    if (performance.now() < this.#suspiciousUntil) return;
    const middle = Math.ceil(batch.length / 2);
    await this.#send(batch.slice(0, middle));
    await this.#send(batch.slice(middle));
  }

  async #dead({ confirmation, tried }: Entry): Promise<void> {
    const { source, inbox, log, meter } = this.#options;
    const inside = performance.now() < confirmation.openUntil;
    // Refused inside its window, after a call without an answer: that call had taken effect. The exception: an
    // extension has replaced the receipt meanwhile. The inbox checks that.
    if (tried > 0 && inside) return await inbox.settle(confirmation, "presumed", tried);
    meter.count("receipts_dead", { source: source.name });
    log.debug({ id: confirmation.id }, "receipt refused, waiting for the event's return");
    // The inbox accepts this only for a receipt that it gave out once.
    if (tried === 0) await inbox.settle(confirmation, "dead");
    if (!inside || performance.now() < this.#suspiciousUntil || ++this.#refusedInARow < SUSPICIOUS) return;
    this.#refusedInARow = 0;
    this.#suspiciousUntil = performance.now() + SUSPICION_MS;
    log.error(
      { source: source.name },
      "the vendor refuses receipts inside their windows: is another consumer on this queue, or the confirm window set too long?",
    );
  }
}

function labelsOf({ name: source }: Source, { type }: DueConfirmation): Readonly<Record<string, string>> {
  return type === undefined ? { source } : { source, type };
}

function dueOf({ closedFrom }: DueConfirmation, lingerMs: number): number {
  return Math.min(performance.now() + lingerMs, closedFrom - LEAD_MS);
}
