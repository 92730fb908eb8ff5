/**
 * The promises for every body. The reference does not know how the core works. It knows what happened at the vendor,
 * which handlers succeeded, what the store heard, and what went wrong.
 */
import type { EventRef } from "../../../src/core/event.ts";
import {
  type Account,
  type Excuse,
  EXCUSES,
  excused,
  isUnique,
  mostGone,
  newAccount,
  paidFor,
  paidTooEarly,
  type Replica,
  type Run,
} from "./account.ts";
import { Counter } from "./counter.ts";

/** The reasons for which a finished event may come back under its old id. */
const BACK_AGAIN = ["emptied", "clock jumped", "ended by hand"] as const satisfies readonly Excuse[];
/** The reasons for which an event may be mistaken for an earlier one. */
const MISTAKEN = BACK_AGAIN;

export class Reference {
  readonly #accounts = new Map<string, Account>();
  readonly #violated: (what: string) => void;

  readonly #now: () => number;

  constructor(violated: (what: string) => void, now: () => number) {
    this.#violated = violated;
    this.#now = now;
  }

  happened(fingerprint: string, body: string): void {
    const account = this.#accounts.get(fingerprint) ?? newAccount(body);
    this.#accounts.set(fingerprint, account);
    account.happened += 1;
    account.happenedAt.push(this.#now());
  }

  /** A handler succeeded. `began` is its start time. */
  ran({ id, fingerprint }: EventRef, replica: Replica, began: number): void {
    const account = this.#of(fingerprint);
    account.runs.push({ id, replica, began, noted: false, tooLate: false, left: false });
    if (account.runs.length <= account.happened + account.again.total) return;
    const excuse = EXCUSES.find((one) => excused(account, one) > account.again.of(one));
    if (excuse) account.again.add(excuse);
    else this.#violation("handled again", account);
  }

  /**
   * The store heard of a success, or of an event that was given up. `stored` means that the store knew the event, so
   * the run pays.
   */
  marked({ id, fingerprint }: EventRef, ran: boolean, stored: boolean, replica: Replica): void {
    const account = this.#of(fingerprint);
    const unnoted = account.runs.filter((one) => one.replica === replica && !one.noted);
    const isOwn = (one: Run): boolean => one.id === id;
    // The run may be of another replica that left only the sink to do.
    const run = unnoted.find(isOwn) ?? account.runs.findLast(isOwn) ?? unnoted[0];
    if (ran && run) Object.assign(run, { noted: true, tooLate: replica.dead, left: false });
    if (!stored || account.unsettled.has(id)) return;
    account.unsettled.add(id);
    if (ran) account.handled.add(id);
    // Under a second id, the run was noted before.
    const paying = run ?? account.runs.findLast((one) => one.replica === replica);
    account.paidFrom.push(ran ? (paying?.began ?? 0) : this.#now());
    if (ran) account.paid += 1;
    else account.givenUp += 1;
    if (ran && account.runs.length === 0) this.#violation("stored without a run", account);
    if (ran && !account.poured) this.#violation("stored before the sink had it", account);
  }

  /** The sink took the event. */
  poured({ fingerprint }: EventRef): void {
    this.#of(fingerprint).poured = true;
  }

  /** The store heard of a success, but the sink has not taken the event yet. */
  noted({ id, fingerprint }: EventRef, replica: Replica): void {
    const run = this.#of(fingerprint).runs.find((one) => one.replica === replica && one.id === id && !one.noted);
    if (run) Object.assign(run, { noted: true, tooLate: replica.dead, left: true });
  }

  /** An operator removed the job. The note of its success is gone too. */
  removed({ id, fingerprint }: EventRef): void {
    const account = this.#of(fingerprint);
    if (account.runs.some((run) => run.id === id && run.left)) account.excuses.add("removed by hand");
  }

  /** An operator gave the event up. It must not run again. */
  discarded({ id, fingerprint }: EventRef): void {
    this.#of(fingerprint).discarded.add(id);
  }

  /** An operator marked the event as confirmed. If the vendor still has it, it is handled once more. */
  ended({ id, fingerprint }: EventRef): void {
    const account = this.#of(fingerprint);
    account.excuses.add("ended by hand");
    account.unsettled.delete(id);
    account.handled.delete(id);
  }

  /** The store wants a job for the event. If bodies are identical, the job may belong to another event. */
  wanted(id: string, fingerprint: string): void {
    const account = this.#of(fingerprint);
    const isExcused = BACK_AGAIN.some((one) => account.excuses.of(one) > 0);
    if (isUnique(account) && account.discarded.has(id) && !isExcused)
      this.#violation("discarded, and to run again", account);
  }

  /** Whether the store knows of a success of this very event whose confirmation is not settled. */
  isHandled({ id, fingerprint }: EventRef): boolean {
    return this.#of(fingerprint).handled.has(id);
  }

  /** A confirmation took effect at the vendor. */
  confirmed(fingerprint: string, receipt: string): void {
    const account = this.#of(fingerprint);
    account.gone += 1;
    if (isUnique(account) && paidFor(account) === 0) this.#violation("confirmed before success", account);
    if (account.gone > mostGone(account)) this.#violation("confirmed without a run that pays for it", account);
    account.unheard.add(receipt);
  }

  /**
   * The store heard of a confirmation. `late` means that the confirmation could have been over for long, and that the
   * event was no longer expected back.
   */
  settled({ id, fingerprint }: EventRef, receipt: string, late: boolean): void {
    const account = this.#of(fingerprint);
    account.unsettled.delete(id);
    account.handled.delete(id);
    if (!late) account.unheard.delete(receipt);
    if (account.gone > mostGone(account)) this.#violation("two confirmations for one run", account);
  }

  /** The store believes that the vendor refused a dead receipt, and waits for the event to return. */
  takenForDead({ fingerprint }: EventRef, receipt: string): void {
    const account = this.#of(fingerprint);
    const isExcused = MISTAKEN.some((one) => excused(account, one) > 0);
    if (account.unheard.has(receipt) && !isExcused) this.#violation("confirmed, and taken for dead", account);
  }

  /** The store assumes some confirmations, or has lost everything. Ids may come again. */
  forgot(): void {
    for (const { unsettled, handled } of this.#accounts.values()) {
      unsettled.clear();
      handled.clear();
    }
  }

  excuse(fingerprint: string, excuse: Exclude<Excuse, "died">): void {
    const { excuses, runs } = this.#of(fingerprint);
    excuses.add(excuse);
    // The process that took the job before finds no note, and the event comes back as well.
    if (excuse === "emptied" && runs.some(({ left }) => left)) excuses.add(excuse);
  }

  /** The number of a replica's successes that the store never heard of. */
  unnotedBy(replica: Replica): number {
    const runs = [...this.#accounts.values()].flatMap((account) => account.runs);
    return runs.filter((run) => run.replica === replica && !run.noted).length;
  }

  /** Checks the final state when no work is left, and returns the totals. */
  finish(): { readonly sums: Counter; readonly again: Counter<Excuse> } {
    const sums = new Counter();
    const again = new Counter<Excuse>();
    for (const account of this.#accounts.values()) {
      const swallowed = Math.max(0, account.happened - paidFor(account));
      const unheard = Math.min(swallowed, account.unheard.size);
      if (isUnique(account) && swallowed > 0) this.#violation("lost", account);
      if (paidTooEarly(account) > account.unheard.size + MISTAKEN.reduce((sum, one) => sum + excused(account, one), 0))
        this.#violation("paid by a run that began before it happened", account);
      if (swallowed > unheard + excused(account, "clock jumped")) this.#violation("swallowed", account);
      sums.add("events", account.happened);
      sums.add("runs", account.runs.length);
      sums.add("given up knowingly", account.givenUp);
      sums.add("confirmations that nobody heard of in time", account.unheard.size);
      sums.add("swallowed after such a one", unheard);
      sums.add("swallowed after the clock jumped", swallowed - unheard);
      again.addAll(account.again);
    }
    return { sums, again };
  }

  #of(fingerprint: string): Account {
    const account = this.#accounts.get(fingerprint);
    if (!account) throw new Error(`nothing ever happened with ${fingerprint}`);
    return account;
  }

  #violation(what: string, account: Account): void {
    const {
      runs,
      happenedAt: _happenedAt,
      paidFrom: _paidFrom,
      unsettled: _unsettled,
      handled: _handled,
      discarded: _discarded,
      unheard,
      excuses,
      again,
      ...counts
    } = account;
    const sizes = { runs: runs.length, unheard: unheard.size, excuses: excuses.text, again: again.text };
    this.#violated(`${what}: ${JSON.stringify({ ...counts, ...sizes })}`);
  }
}
