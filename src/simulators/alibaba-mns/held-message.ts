/** One message as the simulated queue knows it, and what is told about it. */
import { type Held, historyOf as historyOfHeld, type History, hold, type Named } from "../kit/held.ts";

/** `type`: the EventType of an event, else empty. */
export type HeldMessage = Held & {
  readonly queue: string;
  /** As it is delivered; given up once nothing can ask for it any more. */
  body: string;
  /** The handle that deletes it, and until when: its last delivery's, or what a change of visibility made of that. */
  lease: { readonly handle: string; readonly until: number } | undefined;
  firstDeliveredAt: number | undefined;
};

export function holdMessage(named: Named, message: Pick<HeldMessage, "type" | "queue" | "body">): HeldMessage {
  const { type, queue, body } = message;
  return { ...hold(named, type), queue, body, lease: undefined, firstDeliveredAt: undefined };
}

export type MessageHistory = History & { readonly queue: string };

export function historyOf(held: HeldMessage): MessageHistory {
  return { ...historyOfHeld(held), queue: held.queue };
}
