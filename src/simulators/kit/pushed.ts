/** A door whose vendor calls the worker. */
import type { Door, EventBody, Heard } from "./door.ts";
import { type Held, hold } from "./held.ts";
import { Register } from "./register.ts";
import { OF_PUSHED, startTraffic } from "./traffic.ts";

export type PushedDoor = Door & {
  /** The vendor's name in the callback path: /callbacks/VENDOR. */
  readonly vendor: string;
  /** From now on calls go to this address. */
  callAt(url: string): void;
  /**
   * Sends an event. Repeats it until the worker accepts it or the vendor gives up. Never rejects once an address is
   * known.
   */
  send(event: EventBody): Promise<Sent>;
  /** Sends a genuine call that holds no readable event. It is the same each time. */
  sendBroken(): Promise<Sent>;
  /** Ends the calls that are under way. */
  endCalls(): Promise<void>;
};

/** `answers`: the status of each try, or why there was none. */
type Sent = { readonly delivered: boolean; readonly answers: readonly (number | string)[] };

/** Makes the calls to one address. */
type Sender = {
  send(event: EventBody): Promise<Sent>;
  sendBroken(): Promise<Sent>;
  close(): Promise<void>;
};

type PushedOptions = {
  readonly vendor: string;
  readonly url: string | undefined;
  readonly env: Door["env"];
  readonly sample: Door["sample"];
  readonly senderTo: (url: string) => Sender;
};

/** The most finished calls that are remembered. */
const REMEMBERED = 1_000;

export function pushed({ vendor, url, env, sample, senderTo }: PushedOptions): PushedDoor {
  const register = new Register<Held>({ word: "call", limit: REMEMBERED, onDropped: () => {} });
  const open = new Set<Held>();
  const senders: Sender[] = [];
  if (url !== undefined) callAt(url);
  let tries = 0;

  function callAt(address: string): void {
    senders.push(senderTo(address));
  }

  function start(call: (sender: Sender) => Promise<Sent>): { readonly held: Held; readonly sending: Promise<Sent> } {
    const sender = senders.at(-1);
    if (!sender) throw new Error("no worker to call yet: say where with callAt");
    const held = register.add((named) => hold(named, ""));
    open.add(held);
    return { held, sending: call(sender).then((sent) => finish(held, sent)) };
  }

  function finish(held: Held, sent: Sent): Sent {
    held.timesDelivered = sent.answers.length;
    tries += sent.answers.length;
    if (sent.delivered) held.confirmations = 1;
    if (sent.delivered) held.confirmedAt = Date.now();
    open.delete(held);
    register.finish(held);
    return sent;
  }

  async function endCalls(): Promise<void> {
    await Promise.all(senders.map((sender) => sender.close()));
  }

  const door: PushedDoor = {
    vendor,
    env,
    sample,
    callAt,
    send: (event) => start((sender) => sender.send(event)).sending,
    sendBroken: () => start((sender) => sender.sendBroken()).sending,
    publish(event = sample()) {
      const { held, sending } = start((sender) => sender.send(event));
      void sending;
      return held.id;
    },
    heard: (id) => heardOf(register.find(id)),
    counts() {
      const { published, confirmed, purged: lost } = register.counts;
      const redelivered = tries - confirmed - lost;
      return { published, confirmed, lost, unconfirmed: open.size, redelivered };
    },
    startTraffic: (options) =>
      startTraffic(options, { open: () => open.size, next: () => void door.publish(), words: OF_PUSHED }),
    endCalls,
    close: endCalls,
  };
  return door;
}

function heardOf(held: Held | undefined): Heard | undefined {
  if (!held) return undefined;
  const { timesDelivered, confirmations, confirmedAt } = held;
  return { timesDelivered, confirmations, ...(confirmedAt !== undefined && { confirmedAt }) };
}
