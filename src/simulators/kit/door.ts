/** One way for events to reach a worker. The vendor's side of it runs on this machine. */
import type { MessageHistory } from "./message.ts";
import type { Stats } from "./register.ts";
import type { TrafficOptions } from "./traffic.ts";

export type EventBody = Readonly<Record<string, unknown>>;

export type Door = {
  /** Settings with which a worker takes the door's events. */
  readonly env: Readonly<Record<string, string>>;
  /** An event as the vendor writes it: of this type, or of the next of all types. No two have the same ids. */
  sample(type?: string): EventBody;
  /** Makes the vendor report this event, by default a sample. Returns its id at this door. */
  publish(event?: EventBody): string;
  /** The vendor's record of this event. Undefined when the vendor has dropped it. */
  heard(id: string): Heard | undefined;
  counts(): Counts;
  /** Events of all types in turn, at a steady rate. */
  startTraffic(options: TrafficOptions): { close(): void };
  close(): Promise<void>;
};

export type Heard = {
  /** How often the vendor delivered the event. */
  readonly timesDelivered: number;
  /** How often the worker confirmed the event to the vendor. It should end at 1. */
  readonly confirmations: number;
  /** UNIX ms of the first confirmation. */
  readonly confirmedAt?: number;
};

export type Counts = {
  readonly published: number;
  readonly confirmed: number;
  /** Neither confirmed nor lost. */
  readonly unconfirmed: number;
  /** Given up by the vendor. */
  readonly lost: number;
  /** Deliveries beyond the first of each. */
  readonly redelivered: number;
};

/** Members that all pulled doors share. */
export function pulled(simulator: {
  find(id: string): Pick<MessageHistory, "timesDelivered" | "confirmations" | "confirmedAt"> | undefined;
  stats(): Stats;
  close(): Promise<void>;
}): Pick<Door, "heard" | "counts" | "close"> {
  return {
    heard: (id) => simulator.find(id),
    counts() {
      const { published, delivered, confirmed, purged, unconfirmed } = simulator.stats();
      return { published, confirmed, unconfirmed, lost: purged, redelivered: Math.max(0, delivered - published) };
    },
    close: () => simulator.close(),
  };
}

/** One after the other, and from the beginning again. */
export function inTurn<T>(items: readonly T[]): () => T {
  let given = 0;
  return () => {
    const item = items[given % items.length];
    if (item === undefined) throw new RangeError("there is nothing to take turns");
    given += 1;
    return item;
  };
}
