/** One message of a simulated queue, and its description for people. */
import { type Held, historyOf as historyOfHeld, type History, hold, type Named } from "./held.ts";

/** `type`: that of the event in it, else empty. */
export type Message = Held & {
  readonly queue: string;
  /** The delivered text. Dropped once no call can need it any more. */
  body: string;
  /** The handle that deletes the message, and when it expires. Set by the last delivery or change of visibility. */
  lease: { readonly handle: string; readonly until: number } | undefined;
  firstDeliveredAt: number | undefined;
};

export function newMessage(named: Named, message: Pick<Message, "type" | "queue" | "body">): Message {
  const { type, queue, body } = message;
  return { ...hold(named, type), queue, body, lease: undefined, firstDeliveredAt: undefined };
}

export type MessageHistory = History & { readonly queue: string };

export function historyOf(message: Message): MessageHistory {
  return { ...historyOfHeld(message), queue: message.queue };
}
