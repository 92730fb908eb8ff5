/** The reference's account of one body: its events, the runs that paid for it, and the excuses for further runs. */
import { Counter } from "./counter.ts";

export const EXCUSES = ["died", "emptied", "lock lost", "clock jumped", "ended by hand", "removed by hand"] as const;
/** The reasons for which an event may be handled a second time. */
export type Excuse = (typeof EXCUSES)[number];

export type Replica = { readonly dead: boolean };
/**
 * A run of a handler that succeeded. `noted`: the store heard of the success, even if it no longer knew the event.
 * `tooLate`: the process was dead by then, so another run may have begun. `left`: the handler is done, and only the
 * sink is left.
 */
export type Run = {
  readonly id: string;
  readonly replica: Replica;
  readonly began: number;
  noted: boolean;
  tooLate: boolean;
  left: boolean;
};

export type Account = {
  readonly body: string;
  happened: number;
  /** The times of these events. */
  readonly happenedAt: number[];
  /** The vendor's number of confirmed events. */
  gone: number;
  /** The handler runs that succeeded. */
  readonly runs: Run[];
  /** The sink took at least one of these events. */
  poured: boolean;
  /** The number of stored successes. Each pays for one confirmation. */
  paid: number;
  /** The start times of the runs that paid. A discarded event adds the time when it was given up. */
  readonly paidFrom: number[];
  /** The number of events that were given up on purpose. Each also pays for one confirmation. */
  givenUp: number;
  /** Ids of events that paid but whose confirmation is not settled. They cannot pay again. */
  readonly unsettled: Set<string>;
  /** The part of `unsettled` that was handled. */
  readonly handled: Set<string>;
  /** Ids of events that an operator gave up. */
  readonly discarded: Set<string>;
  /** Receipts whose confirmation took effect, but the store has not heard of it or heard of it too late. */
  readonly unheard: Set<string>;
  readonly excuses: Counter<Excuse>;
  readonly again: Counter<Excuse>;
};

export function newAccount(body: string): Account {
  return {
    body,
    happened: 0,
    happenedAt: [],
    gone: 0,
    runs: [],
    poured: false,
    paid: 0,
    paidFrom: [],
    givenUp: 0,
    unsettled: new Set(),
    handled: new Set(),
    discarded: new Set(),
    unheard: new Set(),
    excuses: new Counter(),
    again: new Counter(),
  };
}

/** True so far for a body that no other event shares. The checks for such a body are exact. */
export function isUnique({ happened }: Account): boolean {
  return happened === 1;
}

/** The number of events of this body that no later run paid for. A run must begin after its event has happened. */
export function paidTooEarly({ happenedAt, paidFrom }: Account): number {
  const short = happenedAt.map((at) => count(happenedAt, at) - count(paidFrom, at));
  return Math.max(0, ...short);
}

function count(times: readonly number[], from: number): number {
  return times.filter((time) => time >= from).length;
}

export function paidFor({ paid, givenUp }: Account): number {
  return paid + givenUp;
}

/**
 * The most confirmations that this body may have. After an unheard confirmation, an identical body is mistaken for the
 * confirmed one.
 */
export function mostGone(account: Account): number {
  return paidFor(account) + account.unheard.size + excused(account, "clock jumped");
}

/** The number of second runs with this excuse. A run whose process died before the store heard of it excuses one. */
export function excused({ runs, excuses }: Account, excuse: Excuse): number {
  if (excuse === "died")
    return runs.filter(({ noted, tooLate, replica }) => tooLate || (!noted && replica.dead)).length;
  return excuses.of(excuse);
}
