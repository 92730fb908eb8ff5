/** One event or message of a simulated account, and its description for people. */

export type Held = {
  readonly id: string;
  readonly number: number;
  readonly type: string;
  readonly publishedAt: number;
  state: "visible" | "hidden" | "confirmed" | "purged";
  /** The latest deliveries. */
  readonly deliveries: DeliveryRecord[];
  timesDelivered: number;
  confirmations: number;
  confirmedAt: number | undefined;
  purgedAt: number | undefined;
};

export type DeliveryRecord = {
  readonly at: number;
  /** The end of the window. An event that is not confirmed by then becomes visible again. */
  readonly until: number;
  readonly handle: string;
};

/** The most deliveries that one history keeps: a parked event comes back 11,520 times in four days. */
export const DELIVERIES_KEPT = 256;

/** Times are UNIX milliseconds of the machine's own clock. */
export type History = {
  readonly id: string;
  readonly type: string;
  readonly state: Held["state"];
  readonly publishedAt: number;
  /** The latest 256 of `timesDelivered`. */
  readonly deliveries: readonly DeliveryRecord[];
  readonly timesDelivered: number;
  /** The call that confirmed the event, and all later calls with its newest handle. It should end at 1. */
  readonly confirmations: number;
  readonly confirmedAt?: number;
  readonly purgedAt?: number;
};

/** The register gives these to each published event or message. */
export type Named = Pick<Held, "id" | "number" | "publishedAt">;

export function hold(named: Named, type: string): Held {
  return {
    ...named,
    type,
    state: "visible",
    deliveries: [],
    timesDelivered: 0,
    confirmations: 0,
    confirmedAt: undefined,
    purgedAt: undefined,
  };
}

export function historyOf(held: Held): History {
  const { id, type, state, publishedAt, deliveries, timesDelivered, confirmations, confirmedAt, purgedAt } = held;
  return {
    id,
    type,
    state,
    publishedAt,
    deliveries: [...deliveries],
    timesDelivered,
    confirmations,
    ...(confirmedAt !== undefined && { confirmedAt }),
    ...(purgedAt !== undefined && { purgedAt }),
  };
}
