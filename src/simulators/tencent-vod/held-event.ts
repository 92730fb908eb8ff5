/** One event as the simulated vendor knows it, and what is told about it. */

export type HeldEvent = {
  readonly id: string;
  readonly number: number;
  readonly type: string;
  readonly subAppId: number | undefined;
  readonly publishedAt: number;
  /** The JSON text that follows the handle; given up once nothing can ask for it any more. */
  rest: string;
  /** What the first delivery carries instead of a generated handle. */
  readonly givenHandle: string | undefined;
  state: "visible" | "hidden" | "confirmed" | "purged";
  readonly deliveries: DeliveryRecord[];
  timesDelivered: number;
  confirmations: number;
  confirmedAt: number | undefined;
  purgedAt: number | undefined;
};

/** `members`: those of the event as JSON text, the handle apart. */
export function holdEvent(
  event: Pick<HeldEvent, "number" | "type" | "subAppId" | "publishedAt" | "givenHandle"> & { readonly members: string },
): HeldEvent {
  const { members, ...rest } = event;
  return {
    ...rest,
    id: `event-${event.number}`,
    rest: `${members && ","}${members}}`,
    state: "visible",
    deliveries: [],
    timesDelivered: 0,
    confirmations: 0,
    confirmedAt: undefined,
    purgedAt: undefined,
  };
}

/** The number in an id; NaN when it is none of ours. */
export function numberOf(id: string): number {
  return Number(/^event-(\d{1,15})$/.exec(id)?.[1] ?? Number.NaN);
}

export type DeliveryRecord = {
  readonly at: number;
  /** The end of its window: unless confirmed by then, the event expired here and became visible again. */
  readonly until: number;
  readonly handle: string;
};

/** Times are UNIX milliseconds of the machine's own clock. */
export type EventHistory = {
  readonly id: string;
  readonly type: string;
  readonly subAppId?: number;
  readonly state: HeldEvent["state"];
  readonly publishedAt: number;
  /** The latest 256 of `timesDelivered`. */
  readonly deliveries: readonly DeliveryRecord[];
  readonly timesDelivered: number;
  /** Calls that named its newest handle, from the one that confirmed it on; 1 is how it should end. */
  readonly confirmations: number;
  readonly confirmedAt?: number;
  readonly purgedAt?: number;
};

export function historyOf(held: HeldEvent): EventHistory {
  return {
    id: held.id,
    type: held.type,
    ...(held.subAppId === undefined ? {} : { subAppId: held.subAppId }),
    state: held.state,
    publishedAt: held.publishedAt,
    deliveries: [...held.deliveries],
    timesDelivered: held.timesDelivered,
    confirmations: held.confirmations,
    ...(held.confirmedAt === undefined ? {} : { confirmedAt: held.confirmedAt }),
    ...(held.purgedAt === undefined ? {} : { purgedAt: held.purgedAt }),
  };
}
