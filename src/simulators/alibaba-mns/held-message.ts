/** One message as the simulated queue knows it, and what is told about it. */

export type HeldMessage = {
  readonly id: string;
  readonly number: number;
  readonly queue: string;
  /** The EventType of an event, else empty. */
  readonly type: string;
  readonly publishedAt: number;
  /** As it is delivered; given up once nothing can ask for it any more. */
  body: string;
  state: "visible" | "hidden" | "confirmed" | "purged";
  readonly deliveries: DeliveryRecord[];
  /** The handle that deletes it, and until when: its last delivery's, or what a change of visibility made of that. */
  lease: Lease | undefined;
  timesDelivered: number;
  firstDeliveredAt: number | undefined;
  confirmations: number;
  confirmedAt: number | undefined;
  purgedAt: number | undefined;
};

type Lease = { readonly handle: string; readonly until: number };

type DeliveryRecord = {
  readonly at: number;
  /** The end of its window, changes of visibility apart. */
  readonly until: number;
  readonly handle: string;
};

/** Times are UNIX milliseconds of the machine's own clock. */
export type MessageHistory = {
  readonly id: string;
  readonly queue: string;
  readonly type: string;
  readonly state: HeldMessage["state"];
  readonly publishedAt: number;
  /** The latest 256 of `timesDelivered`. */
  readonly deliveries: readonly DeliveryRecord[];
  readonly timesDelivered: number;
  /** Deletions that named its newest handle, from the one that deleted it on; 1 is how it should end. */
  readonly confirmations: number;
  readonly confirmedAt?: number;
  readonly purgedAt?: number;
};

export function historyOf(held: HeldMessage): MessageHistory {
  const { number: _number, body: _body, lease: _lease, firstDeliveredAt: _first, ...told } = held;
  const { confirmedAt, purgedAt, deliveries, ...rest } = told;
  return {
    ...rest,
    deliveries: [...deliveries],
    ...(confirmedAt !== undefined && { confirmedAt }),
    ...(purgedAt !== undefined && { purgedAt }),
  };
}

export function holdMessage(
  message: Pick<HeldMessage, "number" | "queue" | "type" | "publishedAt" | "body">,
): HeldMessage {
  return {
    ...message,
    id: `message-${message.number}`,
    state: "visible",
    deliveries: [],
    lease: undefined,
    timesDelivered: 0,
    firstDeliveredAt: undefined,
    confirmations: 0,
    confirmedAt: undefined,
    purgedAt: undefined,
  };
}
