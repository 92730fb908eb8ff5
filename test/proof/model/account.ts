/** What the reference knows of one body: what happened with it, which runs paid for it, and what excuses others. */
import { Counter } from "./counter.ts";

export const EXCUSES = ["died", "emptied", "lock lost", "clock jumped", "ended by hand", "removed by hand"] as const;
/** Why an event may be handled a second time. */
export type Excuse = (typeof EXCUSES)[number];

export type Replica = { readonly dead: boolean };
/**
 * `noted`: the store heard of its success, even if it knew nothing of the event any more. `tooLate`: its process had died
 * by then, and another one may have begun. `left`: the sink is left.
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
  /** When each of them happened. */
  readonly happenedAt: number[];
  /** Confirmed, as the vendor sees it. */
  gone: number;
  /** Handlers that succeeded. */
  readonly runs: Run[];
  /** The sink took one of them. */
  poured: boolean;
  /** Successes that were stored: each pays for one confirmation. */
  paid: number;
  /** When each of the runs that paid began; or when an event was given up. */
  readonly paidFrom: number[];
  /** Events that were given up knowingly: so does each of these. */
  givenUp: number;
  /** Ids of those whose confirmation was not settled yet: they pay no second time. */
  readonly unsettled: Set<string>;
  /** Ids of those among them that were handled. */
  readonly handled: Set<string>;
  /** Ids of those that an operator gave up. */
  readonly discarded: Set<string>;
  /** Receipts whose confirmation took effect, and the store did not hear of it (yet), or too late. */
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

/** So far: what holds for a body that nothing else shares is exact. */
export function isUnique({ happened }: Account): boolean {
  return happened === 1;
}

/** How many events of this body no run paid for that began after they had happened. */
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

/** After a confirmation that nobody heard of, an identical body is taken for the one that was confirmed. */
export function mostGone(account: Account): number {
  return paidFor(account) + account.unheard.size + excused(account, "clock jumped");
}

/** How many second runs are excused so. A run whose process died before the store heard of it excuses one. */
export function excused({ runs, excuses }: Account, excuse: Excuse): number {
  if (excuse === "died")
    return runs.filter(({ noted, tooLate, replica }) => tooLate || (!noted && replica.dead)).length;
  return excuses.of(excuse);
}
